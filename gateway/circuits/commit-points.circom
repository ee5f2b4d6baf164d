pragma circom 2.1.6;

include "circomlib/circuits/babyjub.circom";
include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/escalarmulfix.circom";

/*
 * points*G + blinding*H on BabyJubJub for points = offsetSum - 16*2048: what is multiplied is the sum of the offsets, which is never negative, and the constant
 * -32768*G is added. G is circomlib's Base8, H comes from a hash (docs/protocol/circuit.md, "Constants").
 *
 * A blinding of 251 bits can be the order of the subgroup, or a little more: it then opens to the same point as what is left of it, so it needs no other bound.
 */
template CommitPoints() {
    signal input offsetSum;
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

    component offsetBits = Num2Bits(16);
    offsetBits.in <== offsetSum;
    component value = EscalarMulFix(16, G);
    for (var bit = 0; bit < 16; bit++) {
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
    shifted.x2 <== 19728809993518564423199104307479818530523601281121644249599033316564110626767;
    shifted.y2 <== 20556379768951106225497465810739987525270200668974586114514951160655326137737;

    component sum = BabyAdd();
    sum.x1 <== shifted.xout;
    sum.y1 <== shifted.yout;
    sum.x2 <== hiding.out[0];
    sum.y2 <== hiding.out[1];
    out[0] <== sum.xout;
    out[1] <== sum.yout;
}
