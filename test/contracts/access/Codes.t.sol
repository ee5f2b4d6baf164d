// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Codes} from "../../../contracts/access/Codes.sol";

contract CodesTest {
    bytes private constant _SMALL = "abcdefghijklmnopqrstuvwxyz0123456789.-";
    bytes private constant _ALL = "abcdefghijklmnopqrstuvwxyz0123456789.-ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// Any string, most of them not codes: taken exactly if each byte is of the alphabet and the length is 1 to 31.
    function testFuzz_FromStringTakesExactlyNames(string calldata text) public pure {
        bool valid = _isOf(bytes(text), _ALL);
        bytes32 code = Codes.fromString(text);
        require((code != 0) == valid, "taken wrongly, or refused wrongly");
        if (valid) require(_sameText(code, bytes(text)), "another code");
    }

    /// Strings of the alphabet, and with one byte of any kind in them.
    function testFuzz_IdsAndNamesDifferByCase(uint256 seed, uint8 length, bytes1 odd, uint8 place) public view {
        bytes memory text = new bytes(1 + (uint256(length) % 31));
        for (uint256 i = 0; i < text.length; ++i) {
            text[i] = _ALL[uint256(keccak256(abi.encode(seed, i))) % _ALL.length];
        }
        _check(text);
        text[place % text.length] = odd;
        _check(text);
    }

    /// Random words are hardly ever left-aligned text; flipped bytes of a good one often fail.
    function testFuzz_ArbitraryWords(bytes32 word, uint8 place, bytes1 value) public pure {
        require(Codes.isName(word) == _isName(word), "random word");
        uint256 shift = 8 * (uint256(place) % 32);
        bytes32 near = bytes32((uint256(bytes32("bank-changan")) & ~(uint256(0xff) << shift)) | (uint256(uint8(value)) << shift));
        require(Codes.isName(near) == _isName(near), "near a good word");
    }

    function testFuzz_Lists(bytes32[] calldata part, bytes32[] calldata whole) public pure {
        require(Codes.isSubset(part, _joined(part, whole)), "a part of a join is its subset");
        (bool found, bytes32 code) = Codes.duplicate(_joined(part, part));
        require(found == (part.length > 0), "a list twice has duplicates");
        if (found) require(Codes.contains(part, code), "of the list");
        if (part.length > 0 && !Codes.contains(whole, part[0])) require(!Codes.isSubset(part, whole), "no subset");
    }

    function _check(bytes memory text) private view {
        bytes32 code = bytes32(text);
        bytes32 full = text.length < 32 ? code : bytes32(0);
        require(this.fromString(string(text)) == (_isOf(text, _ALL) ? full : bytes32(0)), "text");
        require(Codes.isName(code) == _isName(code), "name");
        if (_isOf(text, _SMALL)) require(Codes.isId(code), "id");
        if (Codes.isId(code)) require(Codes.isName(code), "every id is a name");
    }

    function fromString(string calldata text) external pure returns (bytes32) {
        return Codes.fromString(text);
    }

    function _isOf(bytes memory text, bytes memory alphabet) private pure returns (bool) {
        if (text.length == 0 || text.length > 31) return false;
        for (uint256 i = 0; i < text.length; ++i) {
            bool known = false;
            for (uint256 j = 0; j < alphabet.length; ++j) {
                if (text[i] == alphabet[j]) known = true;
            }
            if (!known) return false;
        }
        return true;
    }

    /// By trimming the zeros on the right, and looking each byte up.
    function _isName(bytes32 word) private pure returns (bool) {
        uint256 length = 32;
        while (length > 0 && word[length - 1] == 0) --length;
        bytes memory text = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            text[i] = word[i];
        }
        return _isOf(text, _ALL);
    }

    function _sameText(bytes32 code, bytes memory text) private pure returns (bool) {
        for (uint256 i = 0; i < 32; ++i) {
            if (code[i] != (i < text.length ? text[i] : bytes1(0))) return false;
        }
        return true;
    }

    function _joined(bytes32[] memory a, bytes32[] memory b) private pure returns (bytes32[] memory all) {
        all = new bytes32[](a.length + b.length);
        for (uint256 i = 0; i < all.length; ++i) {
            all[i] = i < a.length ? a[i] : b[i - a.length];
        }
    }
}
