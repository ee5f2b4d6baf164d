// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Codes} from "../access/Codes.sol";
import {DirectoryClient} from "../access/DirectoryClient.sol";
import {TypedData} from "../access/TypedData.sol";
import {IDataCatalog} from "../interfaces/IDataCatalog.sol";
import {IDirectory} from "../interfaces/IDirectory.sol";
import {ALL_OPERATIONS, DatasetId, MemberId, PROVIDER, REGULATOR, Sector, ShareClass} from "../interfaces/Types.sol";

/// @title The catalog of data products
/// @notice The manual is {IDataCatalog}.
contract DataCatalog is IDataCatalog, TypedData, DirectoryClient {
    /// @param grade 0 if the dataset does not have the field now
    /// @param floor the grade below which the field may not come back; kept when it is dropped
    struct FieldState {
        uint8 grade;
        uint8 floor;
    }

    bytes32 private constant _REGRADE_TYPEHASH = keccak256(
        "Regrade(bytes32 dataset,bytes32 field,uint8 from,uint8 to,bytes32 reason,uint256 nonce)"
    );
    uint8 private constant _MAX_GRADE = 5;
    uint256 private constant _MAX_TITLE = 256;
    uint8 private constant _ALL_SECTORS = uint8(
        (1 << uint8(Sector.Government)) | (1 << uint8(Sector.Finance)) | (1 << uint8(Sector.Utilities)) | (1 << uint8(Sector.SupplyChain))
    );

    DatasetId[] private _ids;
    mapping(DatasetId id => Dataset) private _byId;
    mapping(DatasetId id => Field[]) private _fields;
    mapping(DatasetId id => mapping(bytes32 name => FieldState)) private _fieldStates;
    mapping(DatasetId id => Policy) private _policies;
    mapping(DatasetId id => mapping(uint32 number => Version)) private _versions;
    mapping(DatasetId id => uint256) private _regradeNonces;

    constructor(IDirectory directory_) TypedData("Xinshu Data Catalog") DirectoryClient(directory_) {}

    /// @inheritdoc IDataCatalog
    function register(DatasetId id, Registration calldata registration) external returns (bytes32 registrationCode) {
        MemberId owner = _caller();
        _requireActiveWith(owner, PROVIDER);
        _requireNotPaused();
        if (!Codes.isId(DatasetId.unwrap(id))) revert DataCatalogInvalidCode(DatasetId.unwrap(id));
        if (MemberId.unwrap(_byId[id].owner) != 0) revert DataCatalogExists(id);
        uint256 titleLength = bytes(registration.title).length;
        if (titleLength == 0 || titleLength > _MAX_TITLE) revert DataCatalogInvalidTitle(titleLength);
        _requireName(registration.kind);

        registrationCode = keccak256(abi.encode(block.chainid, owner, id));
        _ids.push(id);
        Dataset storage found = _byId[id];
        found.owner = owner;
        found.title = registration.title;
        found.kind = registration.kind;
        found.registrationCode = registrationCode;
        _storeTerms(found, registration.shareClass, registration.operations, registration.termsHash);
        emit DatasetRegistered(
            id,
            owner,
            registration.title,
            registration.kind,
            registration.shareClass,
            registration.operations,
            registration.schemaHash,
            registration.termsHash,
            registrationCode
        );
        _setFields(id, registration.schemaHash, registration.fields);
    }

    /// @inheritdoc IDataCatalog
    function setPrice(DatasetId id, uint256 priceFen) external {
        _changeable(id).priceFen = priceFen;
        emit PriceSet(id, priceFen);
    }

    /// @inheritdoc IDataCatalog
    function setPolicy(DatasetId id, Policy calldata policy_) external {
        Dataset storage found = _changeable(id);
        if (policy_.active && !_grantsSomething(policy_)) revert DataCatalogInvalidPolicy();
        if (policy_.sectors & ~_ALL_SECTORS != 0 || policy_.purposes.length > Codes.MAX_LIST) revert DataCatalogInvalidPolicy();
        if (policy_.operations & ~found.operations != 0) revert DataCatalogInvalidOperations(policy_.operations);
        for (uint256 i = 0; i < policy_.purposes.length; ++i) {
            _requireName(policy_.purposes[i]);
        }

        _policies[id] = policy_;
        emit PolicySet(id, policy_);
    }

    /// @inheritdoc IDataCatalog
    function amendFields(DatasetId id, bytes32 schemaHash, Field[] calldata fields_) external {
        _changeable(id);
        Field[] storage present = _fields[id];
        for (uint256 i = 0; i < present.length; ++i) {
            _fieldStates[id][present[i].name].grade = 0;
        }
        delete _fields[id];
        _setFields(id, schemaHash, fields_);
    }

    /// @inheritdoc IDataCatalog
    function regrade(DatasetId id, bytes32 field, uint8 to, bytes32 reason, MemberId approver, bytes calldata signature) external {
        Dataset storage found = _changeable(id);
        uint8 from = _fieldStates[id][field].grade;
        if (from == 0) revert DataCatalogUnknownField(id, field);
        if (to == 0) revert DataCatalogInvalidGrade(field, to);
        if (to >= from) revert DataCatalogGradeNotLowered(id, field, from, to);
        if (approver == found.owner) revert DataCatalogOwnApproval(id, approver);
        _requireActiveWith(approver, REGULATOR);
        _requireSigned(approver, hashRegrade(id, field, to, reason), signature);

        ++_regradeNonces[id];
        _fieldStates[id][field] = FieldState(to, to);
        found.grade = _lowerField(_fields[id], field, to);
        emit Regraded(id, field, from, to, reason, approver);
    }

    /// @inheritdoc IDataCatalog
    function publishVersion(DatasetId id, uint32 version_, bytes32 schemaHash, Commitment[] calldata commitments, uint64 asOf) external {
        Dataset storage found = _changeable(id);
        if (version_ != found.version + 1) revert DataCatalogWrongVersion(id, found.version + 1, version_);
        if (schemaHash != found.schemaHash) revert DataCatalogWrongSchema(id, found.schemaHash, schemaHash);
        _requireCommitments(commitments);

        found.version = version_;
        Version storage published = _versions[id][version_];
        published.schemaHash = schemaHash;
        published.asOf = asOf;
        published.blockNumber = uint64(block.number);
        for (uint256 i = 0; i < commitments.length; ++i) {
            published.commitments.push(commitments[i]);
        }
        emit VersionPublished(id, version_, schemaHash, commitments, asOf);
    }

    /// @inheritdoc IDataCatalog
    function setTerms(DatasetId id, ShareClass shareClass, uint16 operations, bytes32 termsHash) external {
        _storeTerms(_changeable(id), shareClass, operations, termsHash);
        emit TermsSet(id, shareClass, operations, termsHash);
    }

    /// @inheritdoc IDataCatalog
    function retire(DatasetId id) external {
        _owned(id).retired = true;
        emit DatasetRetired(id);
    }

    /// @inheritdoc IDataCatalog
    function dataset(DatasetId id) external view returns (Dataset memory) {
        return _byId[id];
    }

    /// @inheritdoc IDataCatalog
    function datasetIds() external view returns (DatasetId[] memory) {
        return _ids;
    }

    /// @inheritdoc IDataCatalog
    function fields(DatasetId id) external view returns (Field[] memory) {
        return _fields[id];
    }

    /// @inheritdoc IDataCatalog
    function gradeOf(DatasetId id, bytes32 field) external view returns (uint8) {
        return _fieldStates[id][field].grade;
    }

    /// @inheritdoc IDataCatalog
    function policy(DatasetId id) external view returns (Policy memory) {
        return _policies[id];
    }

    /// @inheritdoc IDataCatalog
    function version(DatasetId id, uint32 number) external view returns (Version memory) {
        return _versions[id][number];
    }

    /// @inheritdoc IDataCatalog
    function regradeNonce(DatasetId id) external view returns (uint256) {
        return _regradeNonces[id];
    }

    /// @inheritdoc IDataCatalog
    function hashRegrade(DatasetId id, bytes32 field, uint8 to, bytes32 reason) public view returns (bytes32) {
        uint8 from = _fieldStates[id][field].grade;
        return _typedDigest(keccak256(abi.encode(_REGRADE_TYPEHASH, id, field, from, to, reason, _regradeNonces[id])));
    }

    function _storeTerms(Dataset storage found, ShareClass shareClass, uint16 operations, bytes32 termsHash) private {
        if (shareClass == ShareClass.None) revert DataCatalogInvalidShareClass();
        if (operations == 0 || operations & ~ALL_OPERATIONS != 0) revert DataCatalogInvalidOperations(operations);
        found.shareClass = shareClass;
        found.operations = operations;
        found.termsHash = termsHash;
    }

    /// @dev Expects an empty list, with all present grades 0, so that a grade above 0 means a name given twice.
    function _setFields(DatasetId id, bytes32 schemaHash, Field[] calldata next) private {
        if (next.length == 0 || next.length > Codes.MAX_LIST) revert DataCatalogInvalidFields(next.length);
        uint8 highest = 0;
        for (uint256 i = 0; i < next.length; ++i) {
            Field calldata field = next[i];
            _requireName(field.name);
            if (field.grade == 0 || field.grade > _MAX_GRADE) revert DataCatalogInvalidGrade(field.name, field.grade);
            FieldState storage state = _fieldStates[id][field.name];
            if (state.grade != 0) revert DataCatalogDuplicate(field.name);
            if (field.grade < state.floor) revert DataCatalogGradeLowered(id, field.name, state.floor, field.grade);
            state.grade = field.grade;
            state.floor = field.grade;
            _fields[id].push(field);
            if (field.grade > highest) highest = field.grade;
        }
        _byId[id].schemaHash = schemaHash;
        _byId[id].grade = highest;
        emit FieldsSet(id, schemaHash, next, highest);
    }

    /// @dev Sets the grade of one field in the list.
    /// @return highest grade of all fields after it
    function _lowerField(Field[] storage list, bytes32 name, uint8 to) private returns (uint8 highest) {
        for (uint256 i = 0; i < list.length; ++i) {
            if (list[i].name == name) list[i].grade = to;
            if (list[i].grade > highest) highest = list[i].grade;
        }
    }

    /// @dev The dataset, if the caller is its active owner and it is not retired.
    function _owned(DatasetId id) private view returns (Dataset storage found) {
        MemberId caller = _activeCaller();
        found = _byId[id];
        if (MemberId.unwrap(found.owner) == 0) revert DataCatalogUnknown(id);
        if (found.owner != caller) revert DataCatalogNotOwner(id, caller);
        if (found.retired) revert DataCatalogRetired(id);
    }

    function _changeable(DatasetId id) private view returns (Dataset storage) {
        _requireNotPaused();
        return _owned(id);
    }

    function _requireSigned(MemberId approver, bytes32 digest, bytes calldata signature) private view {
        address account = _members().member(approver).account;
        if (!_isSignedBy(account, digest, signature)) revert DataCatalogInvalidSignature(account);
    }

    function _requireCommitments(Commitment[] calldata commitments) private pure {
        if (commitments.length == 0 || commitments.length > Codes.MAX_LIST) revert DataCatalogInvalidCommitment(0);
        for (uint256 i = 0; i < commitments.length; ++i) {
            Commitment calldata given = commitments[i];
            _requireName(given.name);
            _requireName(given.suite);
            if (given.root == 0) revert DataCatalogInvalidCommitment(given.name);
            for (uint256 j = 0; j < i; ++j) {
                if (commitments[j].name == given.name) revert DataCatalogDuplicate(given.name);
            }
        }
    }

    function _grantsSomething(Policy calldata given) private pure returns (bool) {
        return given.sectors != 0 && given.purposes.length != 0 && given.operations != 0 && given.maxDuration != 0;
    }

    function _requireName(bytes32 code) private pure {
        if (!Codes.isName(code)) revert DataCatalogInvalidCode(code);
    }
}
