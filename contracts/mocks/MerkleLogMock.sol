// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleLog} from "../audit/MerkleLog.sol";

/// @title The proofs of {MerkleLog}, callable by tests
contract MerkleLogMock {
    function verifyInclusion(
        bytes32 root,
        uint64 size,
        bytes32 leafHash,
        uint64 index,
        bytes32[] calldata proof
    ) external view returns (bool) {
        return MerkleLog.verifyInclusion(root, size, leafHash, index, proof);
    }

    function verifyConsistency(
        uint64 first,
        bytes32 firstRoot,
        uint64 second,
        bytes32 secondRoot,
        bytes32[] calldata proof
    ) external view returns (bool) {
        return MerkleLog.checkConsistency(first, firstRoot, second, secondRoot, proof) == MerkleLog.Verdict.Proven;
    }
}
