// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ConsentId, DatasetId, GrantId, MemberId, ModelId, SessionId} from "./Types.sol";

/// @title Joint scoring sessions, and their proofs where one is contested
/// @notice A session is recorded with what every party signed: the consumer the session, each provider its commitment to its
/// points in it. Afterwards anyone may have a provider's proof verified here; a false one can't be registered.
/// By anyone, never paused: it is evidence, and moves no data.
/// @dev EIP-712 domain: name `Xinshu Score`, version `1`, this chain, this contract.
/// `Contribution(bytes32 dataset,uint32 version,bytes32 grant,bytes32 root)`
/// `Session(bytes32 suite,address verifier,bytes32 verificationKey,bytes32 consumer,bytes32 oneTimeKey,bytes32 subject,bytes32 authorization,bytes32 model,uint32 modelVersion,Contribution[] contributions,uint64 epoch,uint64 blockNumber,bytes32 blockHash,bytes32 nonce)`
/// `PartCommitment(bytes32 session,uint256 x,uint256 y)`
/// In the circuit a session is its id modulo the order of the BN254 scalar field. A session's contributions follow the order of the model's parts.
/// Warning: a record proves what was signed, not that the authorization was live; the consent's and grants' history tells that.
/// Proofs are malleable: one is never an id.
interface IScoreRegistry {
    /// @param root of the dataset version's commitment named `features`
    struct Contribution {
        DatasetId dataset;
        uint32 version;
        GrantId grant;
        bytes32 root;
    }

    /// @param verifier a version of the Directory's `score-verifier`
    /// @param verificationKey SHA-256 of the circuit's verification key, for whoever verifies without a chain
    /// @param subject the consent's commitment
    /// @param epoch unix seconds: the time that all features describe
    struct Session {
        bytes32 suite;
        address verifier;
        bytes32 verificationKey;
        MemberId consumer;
        bytes32 oneTimeKey;
        bytes32 subject;
        ConsentId authorization;
        ModelId model;
        uint32 modelVersion;
        Contribution[] contributions;
        uint64 epoch;
        uint64 blockNumber;
        bytes32 blockHash;
        bytes32 nonce;
    }

    /// @notice A point of BabyJubJub: what a provider committed to its points with.
    struct Point {
        uint256 x;
        uint256 y;
    }

    struct Proof {
        uint256[2] a;
        uint256[2][2] b;
        uint256[2] c;
    }

    event SessionRecorded(
        SessionId indexed id,
        ModelId indexed model,
        MemberId indexed consumer,
        uint32 modelVersion,
        ConsentId authorization,
        Point[] commitments
    );
    event ProofRegistered(SessionId indexed id, uint256 indexed index, MemberId indexed provider, Point commitment);

    error ScoreRegistryUnsupportedSuite(bytes32 suite);
    error ScoreRegistryUnknownVerifier(address verifier);
    error ScoreRegistryUnknownModel(ModelId model, uint32 version);
    error ScoreRegistryWrongAuthorization(ConsentId authorization);
    error ScoreRegistryWrongCount(uint256 expected, uint256 given);
    error ScoreRegistryWrongDataset(uint256 index, DatasetId expected, DatasetId given);
    error ScoreRegistryWrongRoot(uint256 index, bytes32 expected, bytes32 given);
    error ScoreRegistryInvalidSignature(MemberId member);
    error ScoreRegistryAlreadyRecorded(SessionId id);
    error ScoreRegistryUnknownSession(SessionId id);
    error ScoreRegistryUnknownContribution(uint256 index);
    error ScoreRegistryAlreadyRegistered(SessionId id, uint256 index);
    error ScoreRegistryFalseProof(SessionId id, uint256 index);

    /// @notice Records a session once, bound to its registered model, its consent and the published roots.
    /// @param commitments one for each contribution
    /// @param signatures the consumer's over the session, then each provider's over its `PartCommitment`
    function record(Session calldata session, Point[] calldata commitments, bytes[] calldata signatures) external returns (SessionId id);

    /// @notice Verifies the proof of one contribution to a recorded session and keeps that it holds.
    function registerProof(Session calldata session, uint256 index, Proof calldata proof) external;

    /// @notice The block that recorded it; 0 if it is not.
    function recordedAt(SessionId id) external view returns (uint64);

    /// @notice The recorded commitments, in the order of the contributions.
    function commitmentsOf(SessionId id) external view returns (Point[] memory);

    function isProved(SessionId id, uint256 index) external view returns (bool);

    function hashSession(Session calldata session) external view returns (SessionId);

    function hashPartCommitment(SessionId id, Point calldata commitment) external view returns (bytes32);
}
