// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Short ASCII codes, left-aligned in 32 bytes, and lists of them
library Codes {
    /// @dev Longest list of codes that an entry point takes; the checks below are quadratic.
    uint256 internal constant MAX_LIST = 128;

    /// @dev Id of a member, dataset or contract: 1 to 31 of `[a-z0-9.-]`.
    function isId(bytes32 code) internal pure returns (bool) {
        return _isCode(code, false);
    }

    /// @dev Name of a field, purpose, suite or kind: 1 to 31 of `[A-Za-z0-9.-]`.
    function isName(bytes32 code) internal pure returns (bool) {
        return _isCode(code, true);
    }

    /// @dev The code of a string, or 0 if it is no name.
    function fromString(string calldata text) internal pure returns (bytes32 code) {
        bytes calldata raw = bytes(text);
        if (raw.length > 31) return 0;
        code = bytes32(raw);
        // A zero byte at the end would make two strings one code.
        if (!isName(code) || raw[raw.length - 1] == 0) return 0;
    }

    function contains(bytes32[] memory list, bytes32 code) internal pure returns (bool) {
        for (uint256 i = 0; i < list.length; ++i) {
            if (list[i] == code) return true;
        }
        return false;
    }

    function isSubset(bytes32[] memory part, bytes32[] memory whole) internal pure returns (bool) {
        for (uint256 i = 0; i < part.length; ++i) {
            if (!contains(whole, part[i])) return false;
        }
        return true;
    }

    /// @dev Whether a code occurs twice, and the first that does.
    function duplicate(bytes32[] memory list) internal pure returns (bool found, bytes32 code) {
        for (uint256 i = 1; i < list.length; ++i) {
            for (uint256 j = 0; j < i; ++j) {
                if (list[i] == list[j]) return (true, list[i]);
            }
        }
    }

    function _isCode(bytes32 code, bool upper) private pure returns (bool) {
        uint256 length = 0;
        while (length < 32 && code[length] != 0) {
            if (!_isAllowed(code[length], upper)) return false;
            ++length;
        }
        if (length == 0 || length == 32) return false;
        // Nothing but zeros after the first zero.
        return uint256(code) << (8 * length) == 0;
    }

    function _isAllowed(bytes1 char, bool upper) private pure returns (bool) {
        return
            (char >= "a" && char <= "z") ||
            (char >= "0" && char <= "9") ||
            char == "." ||
            char == "-" ||
            (upper && char >= "A" && char <= "Z");
    }
}
