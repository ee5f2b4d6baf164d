// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleLog} from "../../../contracts/audit/MerkleLog.sol";
import {MerkleModel} from "../helpers/MerkleModel.sol";

contract MerkleLogTest {
    /// Any two sizes: the model's proof is taken; with any one word of it changed, or another size claimed, it is not.
    function testFuzz_ConsistencyOfAnySizes(uint16 a, uint16 b, uint8 place, bytes32 change) public view {
        uint256 second = 2 + (b % 400);
        uint256 first = 1 + (a % (second - 1));
        bytes32[] memory leaves = _leaves(second);
        bytes32[] memory proof = MerkleModel.consistency(leaves, first, second);
        bytes32 firstRoot = MerkleModel.root(leaves, 0, first);
        bytes32 secondRoot = MerkleModel.root(leaves, 0, second);
        require(this.consistent(first, firstRoot, second, secondRoot, proof), "the model's proof");
        if (change == 0) return;
        proof[place % proof.length] ^= change;
        require(!this.consistent(first, firstRoot, second, secondRoot, proof), "a changed word");
        require(!this.consistent(first, firstRoot ^ change, second, secondRoot, proof), "another first root");
    }

    /// Words out of thin air prove nothing, for any sizes.
    function testFuzz_GarbageProvesNothing(uint64 a, uint64 b, bytes32 root, bytes32 leaf, bytes32[] calldata proof) public view {
        (uint64 first, uint64 second) = a < b ? (a, b) : (b, a);
        if (first == 0 || first == second) return;
        require(!this.consistent(first, leaf, second, root, proof), "consistency of garbage");
        require(!this.included(root, second, leaf, first, proof), "inclusion of garbage");
    }

    function consistent(
        uint256 first,
        bytes32 firstRoot,
        uint256 second,
        bytes32 secondRoot,
        bytes32[] calldata proof
    ) external pure returns (bool) {
        return MerkleLog.verifyConsistency(uint64(first), firstRoot, uint64(second), secondRoot, proof);
    }

    function included(bytes32 root, uint64 size, bytes32 leaf, uint64 index, bytes32[] calldata proof) external pure returns (bool) {
        return MerkleLog.verifyInclusion(root, size, leaf, index, proof);
    }

    function _leaves(uint256 count) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            leaves[i] = keccak256(abi.encode(i));
        }
    }
}
