// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleLog} from "../../../contracts/audit/MerkleLog.sol";
import {MerkleModel} from "../helpers/MerkleModel.sol";

contract MerkleLogTest {
    /// Any two sizes: the model's proof is taken; with any one word of it changed, or another root claimed, it is not.
    function testFuzz_ConsistencyOfAnySizes(uint16 a, uint16 b, uint8 place, bytes32 change) public view {
        (uint256 first, uint256 second, bytes32[] memory leaves) = _sizes(a, b);
        bytes32[] memory proof = MerkleModel.consistency(leaves, first, second);
        bytes32 firstRoot = MerkleModel.root(leaves, 0, first);
        bytes32 secondRoot = MerkleModel.root(leaves, 0, second);
        _expect(this.judge(first, firstRoot, second, secondRoot, proof), MerkleLog.Verdict.Proven, "the model's proof");
        if (change == 0) return;
        proof[place % proof.length] ^= change;
        _expect(this.judge(first, firstRoot, second, secondRoot, proof), MerkleLog.Verdict.Mismatch, "a changed word");
        proof[place % proof.length] ^= change;
        _expect(this.judge(first, firstRoot ^ change, second, secondRoot, proof), MerkleLog.Verdict.Mismatch, "another first root");
        _expect(this.judge(first, firstRoot, second, secondRoot ^ change, proof), MerkleLog.Verdict.Mismatch, "another second root");
    }

    /// A proof cut anywhere is too short, one with anything behind it is too long, whatever that is.
    function testFuzz_LengthIsJudged(uint16 a, uint16 b, uint8 cut, bytes32[] calldata behind) public view {
        (uint256 first, uint256 second, bytes32[] memory leaves) = _sizes(a, b);
        bytes32[] memory proof = MerkleModel.consistency(leaves, first, second);
        bytes32 firstRoot = MerkleModel.root(leaves, 0, first);
        bytes32 secondRoot = MerkleModel.root(leaves, 0, second);
        bytes32[] memory cutShort = _resized(proof, cut % proof.length, behind);
        _expect(this.judge(first, firstRoot, second, secondRoot, cutShort), MerkleLog.Verdict.TooShort, "a cut proof");
        bytes32[] memory longer = _resized(proof, proof.length + behind.length, behind);
        if (behind.length == 0) return;
        _expect(this.judge(first, firstRoot, second, secondRoot, longer), MerkleLog.Verdict.TooLong, "words behind the proof");
    }

    /// The proof and the roots of two sizes prove nothing for two others.
    function testFuzz_OtherSizesAreRefused(uint16 a, uint16 b, uint64 otherFirst, uint64 otherSecond) public view {
        (uint256 first, uint256 second, bytes32[] memory leaves) = _sizes(a, b);
        (uint256 low, uint256 high) = otherFirst < otherSecond ? (otherFirst, otherSecond) : (otherSecond, otherFirst);
        if (low == 0 || low == high || (low == first && high == second)) return;
        bytes32[] memory proof = MerkleModel.consistency(leaves, first, second);
        bytes32 firstRoot = MerkleModel.root(leaves, 0, first);
        bytes32 secondRoot = MerkleModel.root(leaves, 0, second);
        // Two pairs of sizes can have paths of one shape: only the leaves under the nodes differ, which no verifier sees.
        if (_sameShape(first, second, low, high)) return;
        require(this.judge(low, firstRoot, high, secondRoot, proof) != MerkleLog.Verdict.Proven, "a proof for other sizes");
    }

    /// Words out of thin air prove nothing, for any sizes.
    function testFuzz_GarbageProvesNothing(uint64 a, uint64 b, bytes32 root, bytes32 leaf, bytes32[] calldata proof) public view {
        (uint64 first, uint64 second) = a < b ? (a, b) : (b, a);
        if (first == 0 || first == second) return;
        require(this.judge(first, leaf, second, root, proof) != MerkleLog.Verdict.Proven, "consistency of garbage");
        require(!this.included(root, second, leaf, first, proof), "inclusion of garbage");
    }

    function judge(
        uint256 first,
        bytes32 firstRoot,
        uint256 second,
        bytes32 secondRoot,
        bytes32[] calldata proof
    ) external view returns (MerkleLog.Verdict) {
        return MerkleLog.checkConsistency(uint64(first), firstRoot, uint64(second), secondRoot, proof);
    }

    function included(bytes32 root, uint64 size, bytes32 leaf, uint64 index, bytes32[] calldata proof) external view returns (bool) {
        return MerkleLog.verifyInclusion(root, size, leaf, index, proof);
    }

    function _expect(MerkleLog.Verdict found, MerkleLog.Verdict wanted, string memory what) private pure {
        require(found == wanted, what);
    }

    function _sizes(uint16 a, uint16 b) private pure returns (uint256 first, uint256 second, bytes32[] memory leaves) {
        second = 2 + (b % 400);
        first = 1 + (a % (second - 1));
        leaves = new bytes32[](second);
        for (uint256 i = 0; i < second; ++i) {
            leaves[i] = keccak256(abi.encode(i));
        }
    }

    function _resized(bytes32[] memory proof, uint256 length, bytes32[] calldata behind) private pure returns (bytes32[] memory made) {
        made = new bytes32[](length);
        for (uint256 i = 0; i < length; ++i) {
            made[i] = i < proof.length ? proof[i] : behind[i - proof.length];
        }
    }

    /// Whether the steps of §2.1.4.2 take the same turns for both pairs, and the seed comes from the same place.
    function _sameShape(uint256 first, uint256 second, uint256 otherFirst, uint256 otherSecond) private pure returns (bool) {
        if ((first & (first - 1) == 0) != (otherFirst & (otherFirst - 1) == 0)) return false;
        return keccak256(_turns(first, second)) == keccak256(_turns(otherFirst, otherSecond));
    }

    function _turns(uint256 first, uint256 second) private pure returns (bytes memory turns) {
        (uint256 fn, uint256 sn) = (first - 1, second - 1);
        while (fn & 1 == 1) (fn, sn) = (fn >> 1, sn >> 1);
        while (sn != 0) {
            bool left = fn & 1 == 1 || fn == sn;
            turns = bytes.concat(turns, left ? bytes1("l") : bytes1("r"));
            while (left && fn & 1 == 0 && fn != 0) (fn, sn) = (fn >> 1, sn >> 1);
            (fn, sn) = (fn >> 1, sn >> 1);
        }
    }
}
