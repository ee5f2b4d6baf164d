pragma circom 2.1.6;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/poseidon.circom";

/* The root of a 4-ary Poseidon tree to which a path leads: on each level the child at `places` is what the level below gives. */
template TreeRoot(depth) {
    signal input leaf;
    signal input places[depth];
    signal input children[depth][4];
    signal output out;

    component place[depth];
    component node[depth];
    signal both[depth];
    signal low[depth];
    signal high[depth];
    signal current[depth + 1];
    current[0] <== leaf;
    for (var level = 0; level < depth; level++) {
        place[level] = Num2Bits(2);
        place[level].in <== places[level];
        both[level] <== place[level].out[0] * place[level].out[1];
        // Which of the four: children 0 and 1 by the lower bit, then what children 2 and 3 add by both bits.
        low[level] <== place[level].out[0] * (children[level][1] - children[level][0]);
        high[level] <== place[level].out[1] * (children[level][2] - children[level][0]);
        (children[level][3] - children[level][2] - children[level][1] + children[level][0]) * both[level]
            === current[level] - children[level][0] - low[level] - high[level];
        node[level] = Poseidon(4);
        for (var child = 0; child < 4; child++) {
            node[level].inputs[child] <== children[level][child];
        }
        current[level + 1] <== node[level].out;
    }
    out <== current[depth];
}
