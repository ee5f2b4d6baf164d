// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title Signatures over EIP-712 typed data, by accounts of both kinds
/// @notice OpenZeppelin 5.7's EIP712 and SignatureChecker need the Cancun instruction `mcopy`; this is the part we use, for `paris`.
abstract contract TypedData is IERC5267 {
    bytes32 private constant _DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    string private constant _VERSION = "1";
    bytes32 private constant _VERSION_HASH = keccak256("1");
    /// Bounds what a contract account may burn, so that one entry of a batch cannot starve the others.
    uint256 private constant _EIP1271_GAS = 1_000_000;

    bytes32 private immutable _nameHash;
    uint256 private immutable _chainId;
    bytes32 private immutable _domain;
    string private _name;

    constructor(string memory name_) {
        _name = name_;
        _nameHash = keccak256(bytes(name_));
        _chainId = block.chainid;
        _domain = _domainOf(_nameHash);
    }

    /// @inheritdoc IERC5267
    function eip712Domain()
        external
        view
        returns (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        )
    {
        // ERC-5267: bits 0 to 3, that is name, version, chainId and verifyingContract.
        return (hex"0f", _name, _VERSION, block.chainid, address(this), bytes32(0), new uint256[](0));
    }

    function _typedDigest(bytes32 structHash) internal view returns (bytes32) {
        // The chain may split: each branch has an id of its own.
        bytes32 domain = block.chainid == _chainId ? _domain : _domainOf(_nameHash);
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    /// @dev ECDSA (low s only), and EIP-1271 for an account with code. Never reverts by itself.
    function _isSignedBy(address account, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        (address signer, ECDSA.RecoverError fault, ) = ECDSA.tryRecoverCalldata(digest, signature);
        // Nobody has the key to a contract's address; looking for its code first would cost every signature 2600 gas.
        if (fault == ECDSA.RecoverError.NoError && signer == account) return true;
        if (account.code.length == 0) return false;
        return _answer(account, abi.encodeCall(IERC1271.isValidSignature, (digest, signature))) == IERC1271.isValidSignature.selector;
    }

    /// @dev One word, or 0 for a call that failed or answered with another length. Solidity's own call would copy whatever the
    /// account returns, at the caller's cost.
    function _answer(address account, bytes memory question) private view returns (bytes32 word) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            let ok := staticcall(_EIP1271_GAS, account, add(question, 32), mload(question), 0, 32)
            if and(ok, eq(returndatasize(), 32)) {
                word := mload(0)
            }
        }
    }

    function _domainOf(bytes32 nameHash) private view returns (bytes32) {
        return keccak256(abi.encode(_DOMAIN_TYPEHASH, nameHash, _VERSION_HASH, block.chainid, address(this)));
    }
}
