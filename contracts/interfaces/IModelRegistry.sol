// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DatasetId, MemberId, ModelId} from "./Types.sol";

/// @title Scoring models by hash and version
/// @notice A model is registered, and given further versions, by its owner alone. A version never changes and is never
/// overwritten: it is approved, disapproved, retired. It has one part for each dataset; each part's scorecard stands here as
/// a salted Poseidon hash, so that only its provider knows it.
/// @dev Who approves is the Directory's parameter `model-approval`: 0 the council, 1 the provider of each part. The least number of
/// contributors is the parameter `min-contributors`.
/// Warning: a model can be built to extract. The leakage report is its author's word; read it before approving.
interface IModelRegistry {
    enum OutputKind {
        None,
        Score,
        Band,
        Decision
    }

    /// @param dataset whose owner contributes this part
    /// @param derivation hash of the declared features and how they are derived from the records
    /// @param partHash of the part's bins and points: Poseidon with a salt, a nonzero BN254 scalar
    struct Part {
        DatasetId dataset;
        bytes32 derivation;
        bytes32 partHash;
    }

    /// @param documentHash of the public part of the model: canonical JSON
    /// @param reasonsToConsumer whether the consumer is told reason codes: a leak that approval declares
    /// @param minContributors below it no session
    /// @param parts of distinct datasets with distinct owners, in the order of a session's contributions
    struct Registration {
        bytes32 documentHash;
        OutputKind output;
        bool reasonsToConsumer;
        uint8 minContributors;
        uint64 notBefore;
        uint64 notAfter;
        Part[] parts;
    }

    /// @notice For how many of the attainable totals some provider's points are pinned down.
    struct LeakageReport {
        MemberId auditor;
        uint64 pinned;
        uint64 attainable;
        bytes32 reportHash;
        uint64 blockNumber;
    }

    /// @param blockNumber the block that registered it; 0 if there is no such version
    struct Version {
        Registration registration;
        uint64 blockNumber;
        bool approvedByCouncil;
        bool retired;
    }

    event ModelRegistered(ModelId indexed id, uint32 indexed version, MemberId indexed owner, Registration registration);
    event LeakageReported(
        ModelId indexed id,
        uint32 indexed version,
        MemberId indexed auditor,
        uint64 pinned,
        uint64 attainable,
        bytes32 reportHash
    );
    /// @param approved false when the council takes its approval back
    event ModelApproved(ModelId indexed id, uint32 indexed version, bool approved);
    /// @param approved false when the provider takes its approval back
    event PartApproved(ModelId indexed id, uint32 indexed version, DatasetId indexed dataset, bool approved);
    event ModelRetired(ModelId indexed id, uint32 indexed version);

    error ModelRegistryInvalidCode(bytes32 code);
    error ModelRegistryInvalidOutput();
    error ModelRegistryInvalidValidity(uint64 notBefore, uint64 notAfter);
    error ModelRegistryInvalidContributors(uint8 minContributors, uint256 least, uint256 parts);
    error ModelRegistryInvalidPart(uint256 index);
    error ModelRegistryUnknownDataset(DatasetId dataset);
    /// The dataset does not allow the operation `score`.
    error ModelRegistryNotForScores(DatasetId dataset);
    /// Two parts of one provider could be told apart by nobody.
    error ModelRegistryDuplicateProvider(MemberId provider);
    error ModelRegistryUnknown(ModelId id, uint32 version);
    error ModelRegistryUnknownPart(ModelId id, uint32 version, DatasetId dataset);
    error ModelRegistryNotOwner(ModelId id, MemberId caller);
    error ModelRegistryNotPartOwner(DatasetId dataset, MemberId caller);
    error ModelRegistryWrongVersion(ModelId id, uint32 expected, uint32 given);
    error ModelRegistryOwnReport(ModelId id, MemberId auditor);
    error ModelRegistryInvalidReport(uint64 pinned, uint64 attainable);
    error ModelRegistryNoReport(ModelId id, uint32 version);
    error ModelRegistryAlreadyRetired(ModelId id, uint32 version);

    /// @notice Registers the next version of a model; the first one makes the caller, an active member, its owner. Not while paused.
    function register(ModelId id, uint32 version_, Registration calldata registration) external;

    /// @notice Adds a leakage report. By an active auditor that does not own the model; each adds, none overwrites.
    function reportLeakage(ModelId id, uint32 version_, uint64 pinned, uint64 attainable, bytes32 reportHash) external;

    /// @notice Approves a version that has a leakage report, or takes the approval back. Restricted; approving not while paused.
    function setApproval(ModelId id, uint32 version_, bool approved) external;

    /// @notice The same by a provider for its own part. Taking back is never paused and open to a suspended provider.
    function setPartApproval(ModelId id, uint32 version_, DatasetId dataset, bool approved) external;

    /// @notice Ends a version for good. By its owner, whatever its status; never paused.
    function retire(ModelId id, uint32 version_) external;

    /// @notice The owner; 0 if unknown.
    function ownerOf(ModelId id) external view returns (MemberId);

    /// @notice The last version's number; 0 if unknown.
    function latestVersion(ModelId id) external view returns (uint32);

    /// @notice The version; all zero if unknown.
    function version(ModelId id, uint32 number) external view returns (Version memory);

    function reportsOf(ModelId id, uint32 number) external view returns (LeakageReport[] memory);

    function isPartApproved(ModelId id, uint32 number, DatasetId dataset) external view returns (bool);

    /// @notice Approved as the network says now, within its time, not retired.
    function isUsable(ModelId id, uint32 number) external view returns (bool);
}
