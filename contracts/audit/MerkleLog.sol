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
        uint256 fn = first - 1; // 3
        uint256 sn = second - 1;
        while (fn & 1 == 1) {
            fn >>= 1; // 4
            sn >>= 1;
        }
        for (; next < length; ++next) {
            if (sn == 0) return Verdict.TooLong; // 6a
            if (fn & 1 == 0 && fn != sn) {
                sr = _node(sr, proof[next]); // 6c
            } else {
                // 6b: below the point where the two trees part, both have the same node.
                bytes32 joined = _node(proof[next], fr);
                sr = sr == fr ? joined : _node(proof[next], sr);
                fr = joined;
                while (fn & 1 == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            }
            fn >>= 1; // 6d
            sn >>= 1;
        }
        if (sn != 0) return Verdict.TooShort;
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

    /// @dev Steps 4b and 6b: levels at which the node is a lone right edge and is passed up unchanged.
    function _skipLoneNodes(uint256 fn, uint256 sn) private pure returns (uint256, uint256) {
        while (fn & 1 == 0 && fn != 0) {
            fn >>= 1;
            sn >>= 1;
        }
        return (fn, sn);
    }
}
