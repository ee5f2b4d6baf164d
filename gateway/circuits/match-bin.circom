pragma circom 2.1.6;

/*
 * The selected bin, and no other, holds the code; `offset` is its points plus 2048.
 *
 * A number: bin i is [firstCode + the spans before i, the same plus its span); the spans end at 2^40, so that every code up to there has exactly one bin. The code
 * is in the selected bin because its distance from the lower bound, `digits`, and what is left to the upper one, `rest`, are both numbers of 40 bits. All sums
 * stay below 2^44: nothing wraps around the field.
 *
 * A category: `digits` has a single one, at the code; a bin's span is its set of codes, so the bins that hold the code, as a number of 8 bits, must be the
 * selected one alone. `rest` is 0.
 */
template MatchBin() {
    signal input code;
    signal input category;
    signal input firstCode;
    signal input offsets[8];
    signal input spanBits[8][40];
    signal input selected[8];
    signal output offset;

    var ones = 0;
    var bitmap = 0;
    for (var bin = 0; bin < 8; bin++) {
        selected[bin] * (1 - selected[bin]) === 0;
        ones += selected[bin];
        bitmap += selected[bin] * (1 << bin);
    }
    ones === 1;

    signal lower[8];
    signal width[8];
    signal points[8];
    var bound = firstCode;
    var lowerSum = 0;
    var widthSum = 0;
    var offsetSum = 0;
    for (var bin = 0; bin < 8; bin++) {
        var span = 0;
        for (var bit = 0; bit < 40; bit++) {
            span += spanBits[bin][bit] * (1 << bit);
        }
        lower[bin] <== selected[bin] * bound;
        width[bin] <== selected[bin] * span;
        points[bin] <== selected[bin] * offsets[bin];
        bound += span;
        lowerSum += lower[bin];
        widthSum += width[bin];
        offsetSum += points[bin];
    }
    (1 - category) * (bound - (1 << 40)) === 0;
    offset <== offsetSum;

    // Not constrained here but below: only the right digits pass.
    signal digits[40];
    signal rest[40];
    signal held[40];
    var distance = code - lowerSum;
    var left = widthSum - 1 - distance;
    var number = 0;
    var count = 0;
    var place = 0;
    var holding = 0;
    var leftSum = 0;
    for (var bit = 0; bit < 40; bit++) {
        digits[bit] <-- category == 1 ? (code == bit ? 1 : 0) : (distance >> bit) & 1;
        rest[bit] <-- category == 1 ? 0 : (left >> bit) & 1;
        digits[bit] * (1 - digits[bit]) === 0;
        rest[bit] * (1 - rest[bit]) === 0;
        number += digits[bit] * (1 << bit);
        count += digits[bit];
        place += digits[bit] * bit;
        leftSum += rest[bit] * (1 << bit);
        var sets = 0;
        for (var bin = 0; bin < 8; bin++) {
            sets += spanBits[bin][bit] * (1 << bin);
        }
        held[bit] <== digits[bit] * sets;
        holding += held[bit];
    }
    (1 - category) * (number - distance) === 0;
    category * (count - 1) === 0;
    category * (place - code) === 0;
    category * (holding - bitmap) === 0;
    (1 - category) * left === leftSum;
}
