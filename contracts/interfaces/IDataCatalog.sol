// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DatasetId, MemberId, ShareClass} from "./Types.sol";

/// @title The catalog of data products
/// @notice A dataset is registered, and from then on changed, by its owner alone, while active and not paused; only retiring is
/// never paused. Its grade is the highest of its fields. A field's grade goes down only with a regulator's signature:
/// dropping a field and adding it again does not lower it either.
/// @dev EIP-712 domain: name `Xinshu Data Catalog`, version `1`, this chain, this contract.
interface IDataCatalog {
    /// @param grade 1 to 5
    struct Field {
        bytes32 name;
        uint8 grade;
    }

    struct Registration {
        string title;
        bytes32 kind;
        ShareClass shareClass;
        uint16 operations;
        bytes32 schemaHash;
        bytes32 termsHash;
        Field[] fields;
    }

    /// @param version the last published one; 0 before the first
    struct Dataset {
        MemberId owner;
        string title;
        bytes32 kind;
        ShareClass shareClass;
        uint16 operations;
        bytes32 schemaHash;
        bytes32 termsHash;
        uint256 priceFen;
        uint8 grade;
        uint32 version;
        bool retired;
        bytes32 registrationCode;
    }

    /// @notice Requests within an active policy are granted by themselves.
    /// @param sectors bit `1 << Sector` of each sector whose members it serves
    /// @param maxDuration longest validity in seconds
    /// @param quota most uses of such a grant; 0 is unlimited
    struct Policy {
        bool active;
        uint8 sectors;
        bytes32[] purposes;
        uint16 operations;
        uint64 maxDuration;
        uint32 quota;
    }

    /// @param name which of the version's commitments, e.g. `records`
    /// @param suite how the root is made, e.g. `rfc6962-sha256`
    /// @param size number of leaves
    struct Commitment {
        bytes32 name;
        bytes32 suite;
        bytes32 root;
        uint64 size;
    }

    /// @param asOf the time the data describe, unix seconds
    /// @param blockNumber the block that published it; 0 if there is no such version
    struct Version {
        bytes32 schemaHash;
        Commitment[] commitments;
        uint64 asOf;
        uint64 blockNumber;
    }

    event DatasetRegistered(
        DatasetId indexed id,
        MemberId indexed owner,
        string title,
        bytes32 kind,
        ShareClass shareClass,
        uint16 operations,
        bytes32 schemaHash,
        bytes32 termsHash,
        bytes32 registrationCode
    );
    /// @param grade of the dataset
    event FieldsSet(DatasetId indexed id, bytes32 schemaHash, Field[] fields, uint8 grade);
    event PriceSet(DatasetId indexed id, uint256 priceFen);
    event PolicySet(DatasetId indexed id, Policy policy);
    event Regraded(DatasetId indexed id, bytes32 indexed field, uint8 from, uint8 to, bytes32 reason, MemberId approver);
    event VersionPublished(DatasetId indexed id, uint32 indexed version, bytes32 schemaHash, Commitment[] commitments, uint64 asOf);
    event TermsSet(DatasetId indexed id, ShareClass shareClass, uint16 operations, bytes32 termsHash);
    event DatasetRetired(DatasetId indexed id);

    error DataCatalogInvalidCode(bytes32 code);
    error DataCatalogInvalidTitle(uint256 length);
    error DataCatalogInvalidShareClass();
    error DataCatalogInvalidOperations(uint16 operations);
    error DataCatalogInvalidFields(uint256 count);
    error DataCatalogInvalidGrade(bytes32 field, uint8 grade);
    error DataCatalogDuplicate(bytes32 name);
    error DataCatalogInvalidPolicy();
    error DataCatalogInvalidCommitment(bytes32 name);
    error DataCatalogExists(DatasetId id);
    error DataCatalogUnknown(DatasetId id);
    error DataCatalogNotOwner(DatasetId id, MemberId caller);
    error DataCatalogRetired(DatasetId id);
    error DataCatalogUnknownField(DatasetId id, bytes32 field);
    error DataCatalogGradeLowered(DatasetId id, bytes32 field, uint8 from, uint8 to);
    error DataCatalogGradeNotLowered(DatasetId id, bytes32 field, uint8 from, uint8 to);
    error DataCatalogOwnApproval(DatasetId id, MemberId approver);
    error DataCatalogInvalidSignature(address signer);
    error DataCatalogWrongVersion(DatasetId id, uint32 expected, uint32 given);
    error DataCatalogWrongSchema(DatasetId id, bytes32 expected, bytes32 given);

    /// @notice Registers a dataset of the caller, an active provider.
    /// @return registrationCode `keccak256(abi.encode(chain id, owner, id))`
    function register(DatasetId id, Registration calldata registration) external returns (bytes32 registrationCode);

    /// @notice Sets the price of one use in 分. Only a registered dataset has a price.
    function setPrice(DatasetId id, uint256 priceFen) external;

    function setPolicy(DatasetId id, Policy calldata policy_) external;

    /// @notice Replaces the field list: adds, drops, raises; never lowers.
    function amendFields(DatasetId id, bytes32 schemaHash, Field[] calldata fields_) external;

    /// @notice Lowers the grade of one field. `signature` is the approver's account over EIP-712
    /// `Regrade(bytes32 dataset,bytes32 field,uint8 from,uint8 to,bytes32 reason,uint256 nonce)`, nonce from `regradeNonce`.
    /// The approver is an active regulator and not the owner.
    function regrade(DatasetId id, bytes32 field, uint8 to, bytes32 reason, MemberId approver, bytes calldata signature) external;

    /// @notice Publishes the commitments of the next version, made under the current schema.
    function publishVersion(DatasetId id, uint32 version_, bytes32 schemaHash, Commitment[] calldata commitments, uint64 asOf) external;

    function setTerms(DatasetId id, ShareClass shareClass, uint16 operations, bytes32 termsHash) external;

    /// @notice Ends a dataset for good; no grant on it is live from this block on. Never paused.
    function retire(DatasetId id) external;

    /// @notice The dataset; all zero if unknown.
    function dataset(DatasetId id) external view returns (Dataset memory);

    function datasetIds() external view returns (DatasetId[] memory);

    function fields(DatasetId id) external view returns (Field[] memory);

    /// @notice The grade of a field; 0 if the dataset does not have it now.
    function gradeOf(DatasetId id, bytes32 field) external view returns (uint8);

    function policy(DatasetId id) external view returns (Policy memory);

    function version(DatasetId id, uint32 number) external view returns (Version memory);

    /// @notice The nonce that the next regrade of this dataset must sign.
    function regradeNonce(DatasetId id) external view returns (uint256);

    /// @notice The EIP-712 digest that approves lowering a field from its present grade, with the present nonce.
    function hashRegrade(DatasetId id, bytes32 field, uint8 to, bytes32 reason) external view returns (bytes32);
}
