// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Proofs of an RFC 6962 Merkle log, over the sha256 precompile
/// @notice Leaf hashes are SHA-256(0x00 ‖ leaf), made off chain; nodes are SHA-256(0x01 ‖ left ‖ right). Numbers in comments are
/// the steps of RFC 9162.
library MerkleLog {
    enum Verdict {
        Proven,
        TooShort,
        TooLong,
        Mismatch
    }

    /// @dev RFC 9162 §2.1.3.2.
    function verifyInclusion(
        bytes32 root,
        uint64 size,
        bytes32 leafHash,
        uint64 index,
        bytes32[] calldata proof
    ) internal view returns (bool) {
        if (index >= size) return false; // 1
        uint256 fn = index; // 2
        uint256 sn = size - 1;
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

    /// @dev RFC 9162 §2.1.4.2, for 0 < first < second. How many hashes a proof has depends on the two sizes alone.
    function checkConsistency(
        uint64 first,
        bytes32 firstRoot,
        uint64 second,
        bytes32 secondRoot,
        bytes32[] calldata proof
    ) internal view returns (Verdict) {
        uint256 length = proof.length;
        if (length == 0) return Verdict.TooShort; // 1
        // 2: for a power of two the first root itself is the first node of the path.
        uint256 next = 0;
        bytes32 fr = firstRoot;
        if (first & (first - 1) != 0) fr = proof[next++];
        bytes32 sr = fr; // 5
        (uint256 fn, uint256 sn) = _skipWholeNodes(first - 1, second - 1); // 3, 4
        // 6, up to the level at which both trees have the same last node: until then none is alone.
        while (fn != sn) {
            if (next == length) return Verdict.TooShort;
            bytes32 node = proof[next];
            if (fn & 1 == 0) {
                sr = _node(sr, node); // 6c
            } else {
                fr = _node(node, fr); // 6b
                sr = _node(node, sr);
            }
            fn >>= 1; // 6d
            sn >>= 1;
            // Below the length.
            unchecked {
                ++next;
            }
        }
        // 6, above it: what is left of that node is in both.
        while (sn != 0) {
            if (next == length) return Verdict.TooShort;
            bytes32 node = proof[next];
            fr = _node(node, fr); // 6b
            sr = _node(node, sr);
            (, sn) = _skipLoneNodes(sn, sn);
            sn >>= 1; // 6d
            unchecked {
                ++next;
            }
        }
        if (next != length) return Verdict.TooLong; // 6a
        return fr == firstRoot && sr == secondRoot ? Verdict.Proven : Verdict.Mismatch; // 7
    }

    /// @dev SHA-256(0x01 ‖ left ‖ right). Half of what `sha256(abi.encodePacked(...))` costs, and it is most of a proof's cost.
    function _node(bytes32 left, bytes32 right) private view returns (bytes32 hash) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            // 65 bytes do not fit the scratch space; beyond the free memory pointer they are nobody's.
            let input := mload(0x40)
            mstore8(input, 1)
            mstore(add(input, 1), left)
            mstore(add(input, 33), right)
            // The precompile fails for want of gas only.
            if iszero(staticcall(gas(), 2, input, 65, 0, 32)) {
                revert(0, 0)
            }
            hash := mload(0)
        }
    }

    /// @dev Step 4 of §2.1.4.2: levels at which the smaller tree ends with a node that is whole.
    function _skipWholeNodes(uint256 fn, uint256 sn) private pure returns (uint256, uint256) {
        while (fn & 1 == 1) {
            fn >>= 1;
            sn >>= 1;
        }
        return (fn, sn);
    }

    /// @dev Steps 4b and 6b: levels at which the node is a lone right edge and is passed up unchanged.
    function _skipLoneNodes(uint256 fn, uint256 sn) private pure returns (uint256, uint256) {
        while (fn & 1 == 0 && fn != 0) {
            fn >>= 1;
            sn >>= 1;
        }
        return (fn, sn);
    }
}
