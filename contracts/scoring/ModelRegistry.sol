// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {Codes} from "../access/Codes.sol";
import {DirectoryClient} from "../access/DirectoryClient.sol";
import {Scalars} from "../access/Scalars.sol";
import {IDataCatalog} from "../interfaces/IDataCatalog.sol";
import {IDirectory} from "../interfaces/IDirectory.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {AUDITOR, DatasetId, MemberId, ModelId, SCORE} from "../interfaces/Types.sol";

/// @title Scoring models by hash and version
/// @notice The manual is {IModelRegistry}.
contract ModelRegistry is IModelRegistry, AccessManaged, DirectoryClient {
    mapping(ModelId id => MemberId) private _owners;
    mapping(ModelId id => uint32) private _latest;
    mapping(ModelId id => mapping(uint32 number => Version)) private _versions;
    mapping(ModelId id => mapping(uint32 number => LeakageReport[])) private _reports;
    mapping(ModelId id => mapping(uint32 number => mapping(DatasetId dataset => bool))) private _partApprovals;

    constructor(address authority_, IDirectory directory_) AccessManaged(authority_) DirectoryClient(directory_) {}

    /// @inheritdoc IModelRegistry
    function register(ModelId id, uint32 version_, Registration calldata registration) external {
        MemberId caller = _activeCaller();
        MemberId owner = _owners[id];
        uint32 next = _latest[id] + 1;
        _requireNotPaused();
        if (!Codes.isId(ModelId.unwrap(id))) revert ModelRegistryInvalidCode(ModelId.unwrap(id));
        if (MemberId.unwrap(owner) != 0 && owner != caller) revert ModelRegistryNotOwner(id, caller);
        if (version_ != next) revert ModelRegistryWrongVersion(id, next, version_);
        _requireRegistration(registration);

        _owners[id] = caller;
        _latest[id] = version_;
        _versions[id][version_].blockNumber = uint64(block.number);
        _store(_versions[id][version_].registration, registration);
        emit ModelRegistered(id, version_, caller, registration);
    }

    /// @inheritdoc IModelRegistry
    function reportLeakage(ModelId id, uint32 version_, uint64 pinned, uint64 attainable, bytes32 reportHash) external {
        MemberId auditor = _activeCaller();
        _requireActiveWith(auditor, AUDITOR);
        _known(id, version_);
        if (auditor == _owners[id]) revert ModelRegistryOwnReport(id, auditor);
        if (attainable == 0 || pinned > attainable) revert ModelRegistryInvalidReport(pinned, attainable);

        _reports[id][version_].push(LeakageReport(auditor, pinned, attainable, reportHash, uint64(block.number)));
        emit LeakageReported(id, version_, auditor, pinned, attainable, reportHash);
    }

    /// @inheritdoc IModelRegistry
    function setApproval(ModelId id, uint32 version_, bool approved) external restricted {
        Version storage found = _known(id, version_);
        if (approved) _requireApprovable(id, version_);
        found.approvedByCouncil = approved;
        emit ModelApproved(id, version_, approved);
    }

    /// @inheritdoc IModelRegistry
    function setPartApproval(ModelId id, uint32 version_, DatasetId dataset, bool approved) external {
        MemberId caller = approved ? _activeCaller() : _caller();
        Part[] storage parts = _known(id, version_).registration.parts;
        if (!_hasPart(parts, dataset)) revert ModelRegistryUnknownPart(id, version_, dataset);
        if (_catalog().dataset(dataset).owner != caller) revert ModelRegistryNotPartOwner(dataset, caller);
        if (approved) _requireApprovable(id, version_);

        _partApprovals[id][version_][dataset] = approved;
        emit PartApproved(id, version_, dataset, approved);
    }

    /// @inheritdoc IModelRegistry
    function retire(ModelId id, uint32 version_) external {
        MemberId caller = _caller();
        Version storage found = _known(id, version_);
        if (_owners[id] != caller) revert ModelRegistryNotOwner(id, caller);
        if (found.retired) revert ModelRegistryAlreadyRetired(id, version_);

        found.retired = true;
        emit ModelRetired(id, version_);
    }

    /// @inheritdoc IModelRegistry
    function ownerOf(ModelId id) external view returns (MemberId) {
        return _owners[id];
    }

    /// @inheritdoc IModelRegistry
    function latestVersion(ModelId id) external view returns (uint32) {
        return _latest[id];
    }

    /// @inheritdoc IModelRegistry
    function version(ModelId id, uint32 number) external view returns (Version memory) {
        return _versions[id][number];
    }

    /// @inheritdoc IModelRegistry
    function reportsOf(ModelId id, uint32 number) external view returns (LeakageReport[] memory) {
        return _reports[id][number];
    }

    /// @inheritdoc IModelRegistry
    function isPartApproved(ModelId id, uint32 number, DatasetId dataset) external view returns (bool) {
        return _partApprovals[id][number][dataset];
    }

    /// @inheritdoc IModelRegistry
    function isUsable(ModelId id, uint32 number) external view returns (bool) {
        Version storage found = _versions[id][number];
        Registration storage registration = found.registration;
        if (found.blockNumber == 0 || found.retired) return false;
        if (block.timestamp < registration.notBefore || block.timestamp >= registration.notAfter) return false;
        if (_parameter("model-approval") == 0) return found.approvedByCouncil;
        for (uint256 i = 0; i < registration.parts.length; ++i) {
            if (!_partApprovals[id][number][registration.parts[i].dataset]) return false;
        }
        return true;
    }

    function _store(Registration storage to, Registration calldata given) private {
        to.documentHash = given.documentHash;
        to.output = given.output;
        to.reasonsToConsumer = given.reasonsToConsumer;
        to.minContributors = given.minContributors;
        to.notBefore = given.notBefore;
        to.notAfter = given.notAfter;
        for (uint256 i = 0; i < given.parts.length; ++i) {
            to.parts.push(given.parts[i]);
        }
    }

    function _known(ModelId id, uint32 number) private view returns (Version storage found) {
        found = _versions[id][number];
        if (found.blockNumber == 0) revert ModelRegistryUnknown(id, number);
    }

    function _requireApprovable(ModelId id, uint32 number) private view {
        _requireNotPaused();
        if (_versions[id][number].retired) revert ModelRegistryAlreadyRetired(id, number);
        if (_reports[id][number].length == 0) revert ModelRegistryNoReport(id, number);
    }

    function _requireRegistration(Registration calldata given) private view {
        if (given.output == OutputKind.None) revert ModelRegistryInvalidOutput();
        if (given.notBefore >= given.notAfter || given.notAfter <= block.timestamp) {
            revert ModelRegistryInvalidValidity(given.notBefore, given.notAfter);
        }
        uint256 least = _parameter("min-contributors");
        uint256 count = given.parts.length;
        if (given.minContributors < least || given.minContributors > count || count > Codes.MAX_LIST) {
            revert ModelRegistryInvalidContributors(given.minContributors, least, count);
        }
        MemberId[] memory providers = new MemberId[](count);
        for (uint256 i = 0; i < count; ++i) {
            providers[i] = _requirePart(given.parts[i], i);
            for (uint256 j = 0; j < i; ++j) {
                if (providers[j] == providers[i]) revert ModelRegistryDuplicateProvider(providers[i]);
            }
        }
    }

    function _requirePart(Part calldata part, uint256 index) private view returns (MemberId provider) {
        if (part.derivation == 0 || !Scalars.isNonzero(part.partHash)) revert ModelRegistryInvalidPart(index);
        IDataCatalog.Dataset memory found = _catalog().dataset(part.dataset);
        provider = found.owner;
        if (MemberId.unwrap(provider) == 0 || found.retired) revert ModelRegistryUnknownDataset(part.dataset);
        if (found.operations & SCORE == 0) revert ModelRegistryNotForScores(part.dataset);
    }

    function _hasPart(Part[] storage parts, DatasetId dataset) private view returns (bool) {
        for (uint256 i = 0; i < parts.length; ++i) {
            if (parts[i].dataset == dataset) return true;
        }
        return false;
    }
}
