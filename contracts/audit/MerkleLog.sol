// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Proofs of an RFC 6962 Merkle log, over the sha256 precompile
/// @notice Leaf hashes are SHA-256(0x00 ‖ leaf), made off chain; nodes are SHA-256(0x01 ‖ left ‖ right). Numbers in comments are
/// the steps of RFC 9162.
library MerkleLog {
    /// @dev RFC 9162 §2.1.3.2.
    function verifyInclusion(
        bytes32 root,
        uint64 size,
        bytes32 leafHash,
        uint64 index,
        bytes32[] calldata proof
    ) internal pure returns (bool) {
        if (index >= size) return false; // 1
        uint64 fn = index; // 2
        uint64 sn = size - 1;
        bytes32 r = leafHash; // 3
        for (uint256 i = 0; i < proof.length; ++i) {
            if (sn == 0) return false; // 4a
            if (fn & 1 == 1 || fn == sn) {
                r = _node(proof[i], r); // 4b
                (fn, sn) = _skipLoneNodes(fn, sn);
            } else {
                r = _node(r, proof[i]); // 4c
            }
            fn >>= 1; // 4d
            sn >>= 1;
        }
        return sn == 0 && r == root; // 5
    }

    /// @dev RFC 9162 §2.1.4.2, for 0 < first < second.
    function verifyConsistency(
        uint64 first,
        bytes32 firstRoot,
        uint64 second,
        bytes32 secondRoot,
        bytes32[] calldata proof
    ) internal pure returns (bool) {
        if (proof.length == 0) return false; // 1
        // 2: for a power of two the first root itself is the first node of the path.
        uint256 next = 0;
        bytes32 fr = firstRoot;
        if (first & (first - 1) != 0) fr = proof[next++];
        bytes32 sr = fr; // 5
        uint64 fn = first - 1; // 3
        uint64 sn = second - 1;
        while (fn & 1 == 1) {
            fn >>= 1; // 4
            sn >>= 1;
        }
        for (; next < proof.length; ++next) {
            if (sn == 0) return false; // 6a
            if (fn & 1 == 1 || fn == sn) {
                fr = _node(proof[next], fr); // 6b
                sr = _node(proof[next], sr);
                (fn, sn) = _skipLoneNodes(fn, sn);
            } else {
                sr = _node(sr, proof[next]); // 6c
            }
            fn >>= 1; // 6d
            sn >>= 1;
        }
        return fr == firstRoot && sr == secondRoot && sn == 0; // 7
    }

    /// @dev Steps 4b and 6b: levels at which the node is a lone right edge and is passed up unchanged.
    function _skipLoneNodes(uint64 fn, uint64 sn) private pure returns (uint64, uint64) {
        while (fn & 1 == 0 && fn != 0) {
            fn >>= 1;
            sn >>= 1;
        }
        return (fn, sn);
    }

    function _node(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return sha256(abi.encodePacked(bytes1(0x01), left, right));
    }
}
