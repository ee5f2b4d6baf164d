// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Codes} from "../access/Codes.sol";
import {DirectoryClient} from "../access/DirectoryClient.sol";
import {Scalars} from "../access/Scalars.sol";
import {TypedData} from "../access/TypedData.sol";
import {IConsentRegistry} from "../interfaces/IConsentRegistry.sol";
import {IDataCatalog} from "../interfaces/IDataCatalog.sol";
import {IDirectory} from "../interfaces/IDirectory.sol";
import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {CONSUMER, ConsentId, ISSUER, MemberId} from "../interfaces/Types.sol";
import {ConsentMessage} from "./ConsentMessage.sol";

/// @title Consents of the subjects
/// @notice The manual is {IConsentRegistry}.
contract ConsentRegistry is IConsentRegistry, TypedData, DirectoryClient {
    /// In storage `state` is None, Live or Withdrawn; the others follow from time and `renewedBy`.
    mapping(ConsentId id => ConsentRecord) private _consents;
    mapping(ConsentId id => mapping(address key => bool)) private _barred;
    mapping(address key => mapping(uint256 nonce => bool)) private _usedNonces;
    mapping(MemberId issuer => mapping(bytes32 credential => uint64)) private _revokedCredentials;

    constructor(IDirectory directory_) TypedData("Xinshu Consent") DirectoryClient(directory_) {}

    /// @inheritdoc IConsentRegistry
    function give(Consent calldata consent_, bytes calldata signature) external returns (ConsentId id) {
        _requireNotPaused();
        id = hashConsent(consent_);
        _requireInTime(consent_.deadline);
        _requireWellFormed(consent_);
        MemberId grantee = MemberId.wrap(ConsentMessage.toCode(consent_.grantee));
        ConsentScope[] memory scopes = ConsentMessage.toScopes(consent_.scopes);
        if (!_isSignedBy(consent_.key, ConsentId.unwrap(id), signature)) revert ConsentRegistryInvalidSignature(id, consent_.key);
        if (_barred[id][consent_.key]) revert ConsentRegistryBarred(id, consent_.key);
        // The id covers key and nonce, so an unused nonce also means an id not yet given.
        if (_usedNonces[consent_.key][consent_.nonce]) revert ConsentRegistryNonceUsed(consent_.key, consent_.nonce);
        _requireActiveWith(grantee, CONSUMER);
        _requireCatalogued(scopes);

        _usedNonces[consent_.key][consent_.nonce] = true;
        _record(id, consent_, grantee, scopes);
        if (consent_.renews != 0) _renew(ConsentId.wrap(consent_.renews), id, consent_.key);
    }

    /// @inheritdoc IConsentRegistry
    function amend(Amendment calldata amendment, bytes calldata signature) external {
        _requireNotPaused();
        ConsentId id = ConsentId.wrap(amendment.consent);
        ConsentRecord storage found = _consents[id];
        ConsentState state = stateOf(id);
        if (state != ConsentState.Live && state != ConsentState.NotYet) revert ConsentRegistryWrongState(id, state);
        _requireInTime(amendment.deadline);
        if (amendment.revision != found.revision + 1) {
            revert ConsentRegistryWrongRevision(id, found.revision + 1, amendment.revision);
        }
        if (!_isSignedBy(found.key, hashAmendment(amendment), signature)) revert ConsentRegistryInvalidSignature(id, found.key);
        ConsentScope[] memory scopes = ConsentMessage.toScopes(amendment.scopes);
        uint16 operations = ConsentMessage.toMask(amendment.operations);
        if (!_narrows(found, amendment, scopes, operations)) revert ConsentRegistryNotNarrower(id);

        found.revision = amendment.revision;
        found.operations = operations;
        found.notAfter = amendment.notAfter;
        found.maxUses = amendment.maxUses;
        _storeScopes(found, scopes);
        emit ConsentAmended(id, amendment.revision, scopes, operations, amendment.notAfter, amendment.maxUses);
    }

    /// @inheritdoc IConsentRegistry
    function withdraw(ConsentId id, address key, bytes calldata signature) external {
        ConsentRecord storage found = _consents[id];
        if (!_isSignedBy(key, hashWithdrawal(id), signature)) revert ConsentRegistryInvalidSignature(id, key);
        if (found.state == ConsentState.None) {
            if (_barred[id][key]) revert ConsentRegistryAlreadyWithdrawn(id);
            _barred[id][key] = true;
            emit ConsentBarred(id, key);
            return;
        }
        if (found.key != key) revert ConsentRegistryWrongKey(id, key);
        if (found.state == ConsentState.Withdrawn) revert ConsentRegistryAlreadyWithdrawn(id);
        found.state = ConsentState.Withdrawn;
        emit ConsentWithdrawn(id, key);
    }

    /// @inheritdoc IConsentRegistry
    function revokeCredential(bytes32 credential) external {
        MemberId issuer = _caller();
        if (_members().member(issuer).roles & ISSUER == 0) revert IMemberRegistry.MemberRegistryMissingRole(issuer, ISSUER);
        if (credential == 0) revert ConsentRegistryInvalidCredential();
        if (_revokedCredentials[issuer][credential] != 0) revert ConsentRegistryCredentialAlreadyRevoked(issuer, credential);
        _revokedCredentials[issuer][credential] = uint64(block.number);
        emit CredentialRevoked(issuer, credential);
    }

    /// @inheritdoc IConsentRegistry
    function consent(ConsentId id) external view returns (ConsentRecord memory found) {
        found = _consents[id];
        found.state = stateOf(id);
    }

    /// @inheritdoc IConsentRegistry
    function stateFor(ConsentId id, address key) external view returns (ConsentState) {
        return _barred[id][key] ? ConsentState.Barred : stateOf(id);
    }

    /// @inheritdoc IConsentRegistry
    function isBarred(ConsentId id, address key) external view returns (bool) {
        return _barred[id][key];
    }

    /// @inheritdoc IConsentRegistry
    function isNonceUsed(address key, uint256 nonce) external view returns (bool) {
        return _usedNonces[key][nonce];
    }

    /// @inheritdoc IConsentRegistry
    function credentialRevoked(MemberId issuer, bytes32 credential) external view returns (uint64) {
        return _revokedCredentials[issuer][credential];
    }

    /// @inheritdoc IConsentRegistry
    function stateOf(ConsentId id) public view returns (ConsentState) {
        ConsentRecord storage found = _consents[id];
        if (found.state != ConsentState.Live) return found.state;
        if (ConsentId.unwrap(found.renewedBy) != 0) return ConsentState.Renewed;
        if (block.timestamp >= found.notAfter) return ConsentState.Expired;
        return block.timestamp < found.notBefore ? ConsentState.NotYet : ConsentState.Live;
    }

    /// @inheritdoc IConsentRegistry
    function hashConsent(Consent calldata consent_) public view returns (ConsentId) {
        return ConsentId.wrap(_typedDigest(ConsentMessage.hash(consent_)));
    }

    /// @inheritdoc IConsentRegistry
    function hashAmendment(Amendment calldata amendment) public view returns (bytes32) {
        return _typedDigest(ConsentMessage.hash(amendment));
    }

    /// @inheritdoc IConsentRegistry
    function hashWithdrawal(ConsentId id) public view returns (bytes32) {
        return _typedDigest(ConsentMessage.hashWithdrawal(id));
    }

    function _record(ConsentId id, Consent calldata given, MemberId grantee, ConsentScope[] memory scopes) private {
        ConsentRecord storage stored = _consents[id];
        stored.subject = given.subject;
        stored.key = given.key;
        stored.grantee = grantee;
        stored.purpose = ConsentMessage.toCode(given.purpose);
        stored.operations = ConsentMessage.toMask(given.operations);
        stored.notBefore = given.notBefore;
        stored.notAfter = given.notAfter;
        stored.maxUses = given.maxUses;
        stored.state = ConsentState.Live;
        stored.renews = ConsentId.wrap(given.renews);
        stored.givenBlock = uint64(block.number);
        _storeScopes(stored, scopes);
        _emitGiven(id, stored, scopes);
    }

    function _renew(ConsentId old, ConsentId by, address key) private {
        ConsentRecord storage found = _consents[old];
        if (found.state == ConsentState.None) revert ConsentRegistryUnknown(old);
        if (found.key != key) revert ConsentRegistryWrongKey(old, key);
        ConsentState state = stateOf(old);
        if (state == ConsentState.Withdrawn || state == ConsentState.Renewed) revert ConsentRegistryWrongState(old, state);
        found.renewedBy = by;
        emit ConsentRenewed(old, by);
    }

    function _storeScopes(ConsentRecord storage stored, ConsentScope[] memory scopes) private {
        delete stored.scopes;
        for (uint256 i = 0; i < scopes.length; ++i) {
            stored.scopes.push(scopes[i]);
        }
    }

    function _emitGiven(ConsentId id, ConsentRecord storage stored, ConsentScope[] memory scopes) private {
        emit ConsentGiven(
            id,
            stored.subject,
            stored.key,
            stored.grantee,
            scopes,
            stored.purpose,
            stored.operations,
            stored.notBefore,
            stored.notAfter,
            stored.maxUses,
            stored.renews
        );
    }

    function _requireWellFormed(Consent calldata given) private view {
        if (!Scalars.isNonzero(given.subject)) revert ConsentRegistryInvalidSubject(given.subject);
        if (given.notAfter <= given.notBefore || given.notAfter <= block.timestamp) {
            revert ConsentRegistryInvalidValidity(given.notBefore, given.notAfter);
        }
        if (given.maxUses == 0) revert ConsentRegistryInvalidUses();
    }

    function _requireInTime(uint64 deadline) private view {
        if (block.timestamp > deadline) revert ConsentRegistryDeadlinePassed(deadline, uint64(block.timestamp));
    }

    function _requireCatalogued(ConsentScope[] memory scopes) private view {
        IDataCatalog catalog = _catalog();
        for (uint256 i = 0; i < scopes.length; ++i) {
            IDataCatalog.Dataset memory found = catalog.dataset(scopes[i].dataset);
            if (MemberId.unwrap(found.owner) == 0) revert ConsentRegistryUnknownDataset(scopes[i].dataset);
            if (found.retired) revert ConsentRegistryDatasetRetired(scopes[i].dataset);
            for (uint256 j = 0; j < scopes[i].fields.length; ++j) {
                bytes32 field = scopes[i].fields[j];
                if (catalog.gradeOf(scopes[i].dataset, field) == 0) revert ConsentRegistryUnknownField(scopes[i].dataset, field);
            }
        }
    }

    /// @dev Nothing wider, and something narrower. Lists hold no code twice, so a subset of equal size is the same set.
    function _narrows(
        ConsentRecord storage found,
        Amendment calldata given,
        ConsentScope[] memory scopes,
        uint16 operations
    ) private view returns (bool) {
        if (operations & ~found.operations != 0 || given.notAfter > found.notAfter || given.notAfter <= found.notBefore) return false;
        if (given.maxUses > found.maxUses || given.maxUses == 0) return false;
        uint256 before = 0;
        for (uint256 i = 0; i < found.scopes.length; ++i) {
            before += found.scopes[i].fields.length;
        }
        uint256 left = 0;
        for (uint256 i = 0; i < scopes.length; ++i) {
            if (!_isWithin(scopes[i], found.scopes)) return false;
            left += scopes[i].fields.length;
        }
        // Every scope has a field, so dropping a dataset lowers the number of fields too.
        return left < before || operations != found.operations || given.notAfter < found.notAfter || given.maxUses < found.maxUses;
    }

    function _isWithin(ConsentScope memory scope, ConsentScope[] storage wholes) private view returns (bool) {
        for (uint256 i = 0; i < wholes.length; ++i) {
            if (wholes[i].dataset == scope.dataset) return Codes.isSubset(scope.fields, wholes[i].fields);
        }
        return false;
    }
}
