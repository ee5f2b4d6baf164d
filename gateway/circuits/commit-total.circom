pragma circom 2.1.6;

include "circomlib/circuits/babyjub.circom";
include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/escalarmulfix.circom";

/*
 * value*G + blinding*H with value = offsetTotal - 2^22, the total of all points: as CommitPoints, for the 23 bits that 128 providers can reach.
 */
template CommitTotal() {
    signal input offsetTotal;
    signal input blinding;
    signal output out[2];

    var G[2] = [
        5299619240641551281634865583518297030282874472190772894086521144482721001553,
        16950150798460657717958625567821834550301663161624707787222815936182638968203
    ];
    var H[2] = [
        18287911450080805439562907241845934071726128437727769640383619903978176685662,
        5059512997497181866612105603443260298586786595223492629568837072451765903010
    ];

    component offsetBits = Num2Bits(23);
    offsetBits.in <== offsetTotal;
    component value = EscalarMulFix(23, G);
    for (var bit = 0; bit < 23; bit++) {
        value.e[bit] <== offsetBits.out[bit];
    }

    component blindingBits = Num2Bits(251);
    blindingBits.in <== blinding;
    component hiding = EscalarMulFix(251, H);
    for (var bit = 0; bit < 251; bit++) {
        hiding.e[bit] <== blindingBits.out[bit];
    }

    component shifted = BabyAdd();
    shifted.x1 <== value.out[0];
    shifted.y1 <== value.out[1];
    shifted.x2 <== 3811284600848331985042170682310129610657934111673891378054043825264074369512;
    shifted.y2 <== 8493158497032493655678474755546082841022794488122625890689784582496215159606;

    component sum = BabyAdd();
    sum.x1 <== shifted.xout;
    sum.y1 <== shifted.yout;
    sum.x2 <== hiding.out[0];
    sum.y2 <== hiding.out[1];
    out[0] <== sum.xout;
    out[1] <== sum.yout;
}
