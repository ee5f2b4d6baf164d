// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Codes} from "../access/Codes.sol";
import {IConsentRegistry} from "../interfaces/IConsentRegistry.sol";
import {ConsentId, DatasetId, RAW, SANDBOX, SCORE, VERIFY} from "../interfaces/Types.sol";

/// @title The messages that subjects sign: their EIP-712 struct hashes, and their words turned into codes
library ConsentMessage {
    bytes32 private constant _SCOPE_TYPEHASH = keccak256("DatasetScope(string dataset,string[] fields)");
    bytes32 private constant _CONSENT_TYPEHASH = keccak256(
        "Consent(bytes32 subject,address key,string grantee,DatasetScope[] scopes,string purpose,string[] operations,uint64 notBefore,uint64 notAfter,uint32 maxUses,bytes32 renews,uint256 nonce,uint64 deadline)DatasetScope(string dataset,string[] fields)"
    );
    bytes32 private constant _AMENDMENT_TYPEHASH = keccak256(
        "Amendment(bytes32 consent,uint32 revision,DatasetScope[] scopes,string[] operations,uint64 notAfter,uint32 maxUses,uint64 deadline)DatasetScope(string dataset,string[] fields)"
    );
    bytes32 private constant _WITHDRAWAL_TYPEHASH = keccak256("Withdrawal(bytes32 consent)");

    function hash(IConsentRegistry.Consent calldata given) internal pure returns (bytes32) {
        // Two halves: thirteen words at once exceed the stack. All are static, so the halves join to the same bytes.
        bytes memory head = abi.encode(
            _CONSENT_TYPEHASH,
            given.subject,
            given.key,
            keccak256(bytes(given.grantee)),
            _hashScopes(given.scopes),
            keccak256(bytes(given.purpose)),
            _hashWords(given.operations)
        );
        return
            keccak256(
                bytes.concat(head, abi.encode(given.notBefore, given.notAfter, given.maxUses, given.renews, given.nonce, given.deadline))
            );
    }

    function hash(IConsentRegistry.Amendment calldata given) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    _AMENDMENT_TYPEHASH,
                    given.consent,
                    given.revision,
                    _hashScopes(given.scopes),
                    _hashWords(given.operations),
                    given.notAfter,
                    given.maxUses,
                    given.deadline
                )
            );
    }

    function hashWithdrawal(ConsentId id) internal pure returns (bytes32) {
        return keccak256(abi.encode(_WITHDRAWAL_TYPEHASH, id));
    }

    function toCode(string calldata word) internal pure returns (bytes32 code) {
        code = Codes.fromString(word);
        if (code == 0) revert IConsentRegistry.ConsentRegistryInvalidCode(word);
    }

    /// @dev The bit mask of the operation words; each at most once.
    function toMask(string[] calldata words) internal pure returns (uint16 mask) {
        if (words.length == 0) revert IConsentRegistry.ConsentRegistryInvalidOperations(words.length);
        for (uint256 i = 0; i < words.length; ++i) {
            uint16 bit = _operation(words[i]);
            if (mask & bit != 0) revert IConsentRegistry.ConsentRegistryDuplicate(Codes.fromString(words[i]));
            mask |= bit;
        }
    }

    /// @dev Datasets and fields as codes; each dataset once, and in it each field once.
    function toScopes(
        IConsentRegistry.DatasetScope[] calldata given
    ) internal pure returns (IConsentRegistry.ConsentScope[] memory scopes) {
        if (given.length == 0 || given.length > Codes.MAX_LIST) revert IConsentRegistry.ConsentRegistryInvalidScopes(given.length);
        bytes32[] memory datasets = new bytes32[](given.length);
        scopes = new IConsentRegistry.ConsentScope[](given.length);
        for (uint256 i = 0; i < given.length; ++i) {
            datasets[i] = toCode(given[i].dataset);
            scopes[i].dataset = DatasetId.wrap(datasets[i]);
            scopes[i].fields = _toFields(scopes[i].dataset, given[i].fields);
        }
        _requireDistinct(datasets);
    }

    function _toFields(DatasetId dataset, string[] calldata words) private pure returns (bytes32[] memory fields) {
        if (words.length == 0 || words.length > Codes.MAX_LIST) {
            revert IConsentRegistry.ConsentRegistryInvalidFields(dataset, words.length);
        }
        fields = new bytes32[](words.length);
        for (uint256 i = 0; i < words.length; ++i) {
            fields[i] = toCode(words[i]);
        }
        _requireDistinct(fields);
    }

    function _requireDistinct(bytes32[] memory codes) private pure {
        (bool found, bytes32 code) = Codes.duplicate(codes);
        if (found) revert IConsentRegistry.ConsentRegistryDuplicate(code);
    }

    function _operation(string calldata word) private pure returns (uint16) {
        bytes32 code = Codes.fromString(word);
        if (code == "raw") return RAW;
        if (code == "score") return SCORE;
        if (code == "verify") return VERIFY;
        if (code == "sandbox") return SANDBOX;
        revert IConsentRegistry.ConsentRegistryInvalidOperation(word);
    }

    function _hashScopes(IConsentRegistry.DatasetScope[] calldata scopes) private pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](scopes.length);
        for (uint256 i = 0; i < scopes.length; ++i) {
            hashes[i] = keccak256(abi.encode(_SCOPE_TYPEHASH, keccak256(bytes(scopes[i].dataset)), _hashWords(scopes[i].fields)));
        }
        return keccak256(abi.encodePacked(hashes));
    }

    function _hashWords(string[] calldata words) private pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](words.length);
        for (uint256 i = 0; i < words.length; ++i) {
            hashes[i] = keccak256(bytes(words[i]));
        }
        return keccak256(abi.encodePacked(hashes));
    }
}
