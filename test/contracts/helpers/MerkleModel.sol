// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// RFC 6962 §2.1 by its recursive definitions, over the leaf hashes of a range. A model for tests, not for speed.
library MerkleModel {
    /// MTH of `count` leaves from `from`.
    function root(bytes32[] memory leaves, uint256 from, uint256 count) internal pure returns (bytes32) {
        if (count == 1) return leaves[from];
        uint256 k = split(count);
        return sha256(abi.encodePacked(hex"01", root(leaves, from, k), root(leaves, from + k, count - k)));
    }

    /// PROOF(first, D[second]).
    function consistency(bytes32[] memory leaves, uint256 first, uint256 second) internal pure returns (bytes32[] memory) {
        return _subproof(leaves, first, 0, second, true);
    }

    /// The largest power of two below `count`.
    function split(uint256 count) internal pure returns (uint256 k) {
        for (k = 1; k * 2 < count; k *= 2) {}
    }

    function _subproof(
        bytes32[] memory leaves,
        uint256 m,
        uint256 from,
        uint256 count,
        bool complete
    ) private pure returns (bytes32[] memory) {
        if (m == count) return complete ? new bytes32[](0) : _append(new bytes32[](0), root(leaves, from, count));
        uint256 k = split(count);
        if (m <= k) return _append(_subproof(leaves, m, from, k, complete), root(leaves, from + k, count - k));
        return _append(_subproof(leaves, m - k, from + k, count - k, false), root(leaves, from, k));
    }

    function _append(bytes32[] memory list, bytes32 last) private pure returns (bytes32[] memory longer) {
        longer = new bytes32[](list.length + 1);
        for (uint256 i = 0; i < list.length; ++i) {
            longer[i] = list[i];
        }
        longer[list.length] = last;
    }
}
