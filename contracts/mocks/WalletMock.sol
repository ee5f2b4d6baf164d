// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title A contract account for tests: one owner, and any manner of answering
contract WalletMock is IERC1271 {
    enum Manner {
        Honest,
        WrongAnswer,
        LongAnswer,
        Reverts,
        BurnsGas,
        Floods
    }

    address private immutable _owner;
    Manner private _manner;

    error WalletMockRefuses();

    constructor(address owner_) {
        _owner = owner_;
    }

    function setManner(Manner manner) external {
        _manner = manner;
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        if (_manner == Manner.Reverts) revert WalletMockRefuses();
        if (_manner == Manner.LongAnswer) _answerLong();
        if (_manner == Manner.Floods) _flood();
        // solhint-disable-next-line no-empty-blocks
        while (_manner == Manner.BurnsGas) {}
        if (_manner == Manner.WrongAnswer) return 0xffffffff;
        (address signer, ECDSA.RecoverError fault, ) = ECDSA.tryRecoverCalldata(hash, signature);
        bool valid = fault == ECDSA.RecoverError.NoError && signer == _owner;
        return valid ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }

    /// @dev As many bytes as can be paid for: who copies them pays again.
    function _flood() private view {
        uint256 size = gasleft() / 2;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            revert(0, size)
        }
    }

    /// @dev The right word, followed by another: not an answer of type bytes4.
    function _answerLong() private pure {
        bytes memory answer = abi.encode(IERC1271.isValidSignature.selector, uint256(1));
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            return(add(answer, 32), mload(answer))
        }
    }
}
