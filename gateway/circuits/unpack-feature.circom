pragma circom 2.1.6;

include "circomlib/circuits/bitify.circom";

/*
 * One feature of a scorecard part out of its two field elements (docs/protocol/circuit.md, "Part"). Each element is taken apart into all its bits, 210 and 208,
 * fewer than the field's 254: so there is one way only, and every span is below 2^40, every offset below 2^12, every flag 0 or 1.
 */
template UnpackFeature() {
    signal input elements[2];
    signal output category;
    signal output firstCode;
    signal output offsets[8];
    signal output spanBits[8][40];

    component first = Num2Bits(210);
    component second = Num2Bits(208);
    first.in <== elements[0];
    second.in <== elements[1];

    for (var bin = 0; bin < 8; bin++) {
        var at = 52 * (bin % 4);
        var offset = 0;
        for (var bit = 0; bit < 12; bit++) {
            offset += (bin < 4 ? first.out[at + bit] : second.out[at + bit]) * (1 << bit);
        }
        offsets[bin] <== offset;
        for (var bit = 0; bit < 40; bit++) {
            spanBits[bin][bit] <== bin < 4 ? first.out[at + 12 + bit] : second.out[at + 12 + bit];
        }
    }
    category <== first.out[208];
    firstCode <== first.out[209];
}
