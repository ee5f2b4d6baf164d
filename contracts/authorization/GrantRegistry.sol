// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Codes} from "../access/Codes.sol";
import {DirectoryClient} from "../access/DirectoryClient.sol";
import {IDataCatalog} from "../interfaces/IDataCatalog.sol";
import {IDirectory} from "../interfaces/IDirectory.sol";
import {IGrantRegistry} from "../interfaces/IGrantRegistry.sol";
import {CONSUMER, DatasetId, GrantId, MemberId, RequestId, ShareClass} from "../interfaces/Types.sol";

/// @title Access requests and grants between institutions
/// @notice The manual is {IGrantRegistry}.
contract GrantRegistry is IGrantRegistry, DirectoryClient {
    /// @param byPolicy whether the catalog's policy granted, not the provider's steward
    struct Terms {
        uint256 priceFen;
        bytes32 termsHash;
        bool byPolicy;
    }

    uint256 private _requestCount;
    uint256 private _grantCount;
    mapping(RequestId id => Request) private _requests;
    mapping(GrantId id => Grant) private _grants;
    mapping(DatasetId dataset => mapping(MemberId consumer => GrantId[])) private _grantsOf;

    constructor(IDirectory directory_) DirectoryClient(directory_) {}

    /// @inheritdoc IGrantRegistry
    function request(DatasetId dataset, Scope calldata scope) external returns (RequestId id, GrantId granted) {
        _requireNotPaused();
        MemberId consumer = _caller();
        _requireActiveWith(consumer, CONSUMER);
        IDataCatalog.Dataset memory offered = _offered(dataset);
        if (offered.owner == consumer) revert GrantRegistryOwnDataset(dataset, consumer);
        _requireActive(offered.owner);
        _requireScope(dataset, offered.operations, scope);

        id = RequestId.wrap(keccak256(abi.encode(address(this), "request", ++_requestCount)));
        Request storage asked = _requests[id];
        asked.dataset = dataset;
        asked.consumer = consumer;
        asked.scope = scope;
        asked.state = RequestState.Open;
        emit AccessRequested(id, dataset, consumer, scope);

        IDataCatalog.Policy memory policy = _catalog().policy(dataset);
        if (_covers(policy, consumer, scope)) {
            Scope memory given = scope;
            given.quota = _smallerQuota(policy.quota, scope.quota);
            granted = _grant(id, offered.owner, given, Terms(offered.priceFen, offered.termsHash, true));
        }
    }

    /// @inheritdoc IGrantRegistry
    function approve(RequestId id, Scope calldata scope, uint256 priceFen, bytes32 termsHash) external returns (GrantId granted) {
        _requireNotPaused();
        Request storage asked = _openRequest(id);
        MemberId provider = _activeProvider(asked.dataset);
        IDataCatalog.Dataset memory offered = _offered(asked.dataset);
        _requireActiveWith(asked.consumer, CONSUMER);
        _requireScope(asked.dataset, offered.operations, scope);
        if (!_isWithin(scope, asked.scope)) revert GrantRegistryBeyondRequest(id);

        return _grant(id, provider, scope, Terms(priceFen, termsHash, false));
    }

    /// @inheritdoc IGrantRegistry
    function decline(RequestId id, bytes32 reason) external {
        Request storage asked = _openRequest(id);
        _activeProvider(asked.dataset);
        asked.state = RequestState.Declined;
        emit AccessDeclined(id, reason);
    }

    /// @inheritdoc IGrantRegistry
    function cancel(RequestId id) external {
        Request storage asked = _openRequest(id);
        MemberId caller = _caller();
        if (asked.consumer != caller) revert GrantRegistryNotConsumer(id, caller);
        asked.state = RequestState.Cancelled;
        emit AccessCancelled(id);
    }

    /// @inheritdoc IGrantRegistry
    function amend(GrantId id, Scope calldata scope, uint256 priceFen, bytes32 termsHash) external {
        _requireNotPaused();
        Grant storage given = _unrevoked(id);
        _activeProvider(given.dataset);
        _requireScope(given.dataset, _offered(given.dataset).operations, scope);

        given.scope = scope;
        given.priceFen = priceFen;
        given.termsHash = termsHash;
        ++given.version;
        emit GrantAmended(id, given.version, scope, priceFen, termsHash);
    }

    /// @inheritdoc IGrantRegistry
    function revoke(GrantId id, bytes32 reason) external {
        Grant storage given = _unrevoked(id);
        MemberId caller = _caller();
        if (given.provider != caller) revert GrantRegistryNotProvider(given.dataset, caller);
        given.state = GrantState.Revoked;
        emit GrantRevoked(id, reason);
    }

    /// @inheritdoc IGrantRegistry
    function accessRequest(RequestId id) external view returns (Request memory) {
        return _requests[id];
    }

    /// @inheritdoc IGrantRegistry
    function grant(GrantId id) external view returns (Grant memory) {
        return _grants[id];
    }

    /// @inheritdoc IGrantRegistry
    function isLive(GrantId id) external view returns (bool) {
        Grant storage given = _grants[id];
        return
            given.state == GrantState.Live &&
            block.timestamp >= given.scope.notBefore &&
            block.timestamp < given.scope.notAfter &&
            _members().isActive(given.provider) &&
            _members().isActive(given.consumer) &&
            !_catalog().dataset(given.dataset).retired;
    }

    /// @inheritdoc IGrantRegistry
    function grantsOf(DatasetId dataset, MemberId consumer) external view returns (GrantId[] memory) {
        return _grantsOf[dataset][consumer];
    }

    function _grant(RequestId id, MemberId provider, Scope memory scope, Terms memory terms) private returns (GrantId granted) {
        Request storage asked = _requests[id];
        granted = GrantId.wrap(keccak256(abi.encode(address(this), "grant", ++_grantCount)));
        asked.state = RequestState.Granted;
        asked.grant = granted;
        Grant storage given = _grants[granted];
        given.dataset = asked.dataset;
        given.provider = provider;
        given.consumer = asked.consumer;
        given.scope = scope;
        given.priceFen = terms.priceFen;
        given.termsHash = terms.termsHash;
        given.version = 1;
        given.state = GrantState.Live;
        _grantsOf[asked.dataset][asked.consumer].push(granted);
        emit Granted(granted, id, asked.dataset, provider, asked.consumer, scope, terms.priceFen, terms.termsHash, terms.byPolicy);
    }

    function _openRequest(RequestId id) private view returns (Request storage asked) {
        asked = _requests[id];
        if (asked.state == RequestState.None) revert GrantRegistryUnknownRequest(id);
        if (asked.state != RequestState.Open) revert GrantRegistryRequestNotOpen(id, asked.state);
    }

    function _unrevoked(GrantId id) private view returns (Grant storage given) {
        given = _grants[id];
        if (given.state == GrantState.None) revert GrantRegistryUnknownGrant(id);
        if (given.state == GrantState.Revoked) revert GrantRegistryRevoked(id);
    }

    /// @dev The caller, if it owns the dataset and is active.
    function _activeProvider(DatasetId dataset) private view returns (MemberId caller) {
        caller = _caller();
        if (_catalog().dataset(dataset).owner != caller) revert GrantRegistryNotProvider(dataset, caller);
        _requireActive(caller);
    }

    /// @dev The dataset, if it may be granted at all.
    function _offered(DatasetId dataset) private view returns (IDataCatalog.Dataset memory offered) {
        offered = _catalog().dataset(dataset);
        if (MemberId.unwrap(offered.owner) == 0) revert GrantRegistryUnknownDataset(dataset);
        if (offered.retired) revert GrantRegistryDatasetRetired(dataset);
        if (offered.shareClass == ShareClass.Withheld) revert GrantRegistryWithheld(dataset);
    }

    function _requireScope(DatasetId dataset, uint16 offered, Scope calldata scope) private view {
        if (scope.fields.length == 0 || scope.fields.length > Codes.MAX_LIST) revert GrantRegistryInvalidFields(scope.fields.length);
        if (scope.purposes.length == 0 || scope.purposes.length > Codes.MAX_LIST) {
            revert GrantRegistryInvalidPurposes(scope.purposes.length);
        }
        if (scope.operations == 0 || scope.operations & ~offered != 0) {
            revert GrantRegistryInvalidOperations(scope.operations, offered);
        }
        if (scope.notAfter <= scope.notBefore || scope.notAfter <= block.timestamp) {
            revert GrantRegistryInvalidValidity(scope.notBefore, scope.notAfter);
        }
        _requireDistinct(scope.fields);
        _requireDistinct(scope.purposes);
        for (uint256 i = 0; i < scope.purposes.length; ++i) {
            if (!Codes.isName(scope.purposes[i])) revert GrantRegistryInvalidCode(scope.purposes[i]);
        }
        for (uint256 i = 0; i < scope.fields.length; ++i) {
            if (_catalog().gradeOf(dataset, scope.fields[i]) == 0) revert GrantRegistryUnknownField(dataset, scope.fields[i]);
        }
    }

    /// @dev Duration counts from `notBefore`.
    function _covers(IDataCatalog.Policy memory policy, MemberId consumer, Scope calldata scope) private view returns (bool) {
        return
            policy.active &&
            policy.sectors & (1 << uint8(_members().member(consumer).sector)) != 0 &&
            scope.operations & ~policy.operations == 0 &&
            scope.notAfter - scope.notBefore <= policy.maxDuration &&
            Codes.isSubset(scope.purposes, policy.purposes);
    }

    function _isWithin(Scope calldata scope, Scope storage asked) private view returns (bool) {
        return
            Codes.isSubset(scope.fields, asked.fields) &&
            Codes.isSubset(scope.purposes, asked.purposes) &&
            scope.operations & ~asked.operations == 0 &&
            scope.notBefore >= asked.notBefore &&
            scope.notAfter <= asked.notAfter &&
            _smallerQuota(asked.quota, scope.quota) == scope.quota;
    }

    function _requireDistinct(bytes32[] calldata codes) private pure {
        (bool found, bytes32 code) = Codes.duplicate(codes);
        if (found) revert GrantRegistryDuplicate(code);
    }

    /// @dev 0 is unlimited.
    function _smallerQuota(uint32 a, uint32 b) private pure returns (uint32) {
        if (a == 0) return b;
        if (b == 0) return a;
        return a < b ? a : b;
    }
}
