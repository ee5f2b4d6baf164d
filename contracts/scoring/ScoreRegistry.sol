// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DirectoryClient} from "../access/DirectoryClient.sol";
import {Scalars} from "../access/Scalars.sol";
import {TypedData} from "../access/TypedData.sol";
import {IConsentRegistry} from "../interfaces/IConsentRegistry.sol";
import {IDataCatalog} from "../interfaces/IDataCatalog.sol";
import {IDirectory} from "../interfaces/IDirectory.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IScoreRegistry} from "../interfaces/IScoreRegistry.sol";
import {IScoreVerifier} from "../interfaces/IScoreVerifier.sol";
import {DatasetId, MemberId, SessionId} from "../interfaces/Types.sol";
import {SessionMessage} from "./SessionMessage.sol";

/// @title Joint scoring sessions and their proofs
/// @notice The manual is {IScoreRegistry}.
contract ScoreRegistry is IScoreRegistry, TypedData, DirectoryClient {
    bytes32 private constant _SUITE = "xinshu-score-1";
    bytes32 private constant _FEATURES = "features";

    mapping(SessionId id => uint64) private _recorded;
    mapping(SessionId id => Point[]) private _commitments;
    mapping(SessionId id => mapping(uint256 index => bool)) private _proved;

    constructor(IDirectory directory_) TypedData("Xinshu Score") DirectoryClient(directory_) {}

    /// @inheritdoc IScoreRegistry
    function record(Session calldata session, Point[] calldata commitments, bytes[] calldata signatures) external returns (SessionId id) {
        id = hashSession(session);
        if (session.suite != _SUITE) revert ScoreRegistryUnsupportedSuite(session.suite);
        if (_recorded[id] != 0) revert ScoreRegistryAlreadyRecorded(id);
        _requireVerifier(session.verifier);
        _requireAuthorization(session);
        _requireContributions(session);
        _requireSigned(session, id, commitments, signatures);

        _recorded[id] = uint64(block.number);
        for (uint256 i = 0; i < commitments.length; ++i) {
            _commitments[id].push(commitments[i]);
        }
        emit SessionRecorded(id, session.model, session.consumer, session.modelVersion, session.authorization, commitments);
    }

    /// @inheritdoc IScoreRegistry
    function registerProof(Session calldata session, uint256 index, Proof calldata proof) external {
        SessionId id = hashSession(session);
        if (_recorded[id] == 0) revert ScoreRegistryUnknownSession(id);
        if (index >= session.contributions.length) revert ScoreRegistryUnknownContribution(index);
        if (_proved[id][index]) revert ScoreRegistryAlreadyRegistered(id, index);
        Point memory commitment = _commitments[id][index];
        if (!_holds(session, id, index, commitment, proof)) revert ScoreRegistryFalseProof(id, index);

        _proved[id][index] = true;
        emit ProofRegistered(id, index, _ownerOf(session.contributions[index].dataset), commitment);
    }

    /// @inheritdoc IScoreRegistry
    function recordedAt(SessionId id) external view returns (uint64) {
        return _recorded[id];
    }

    /// @inheritdoc IScoreRegistry
    function commitmentsOf(SessionId id) external view returns (Point[] memory) {
        return _commitments[id];
    }

    /// @inheritdoc IScoreRegistry
    function isProved(SessionId id, uint256 index) external view returns (bool) {
        return _proved[id][index];
    }

    /// @inheritdoc IScoreRegistry
    function hashSession(Session calldata session) public view returns (SessionId) {
        return SessionId.wrap(_typedDigest(SessionMessage.hash(session)));
    }

    /// @inheritdoc IScoreRegistry
    function hashPartCommitment(SessionId id, Point calldata commitment) public view returns (bytes32) {
        return _typedDigest(SessionMessage.hashCommitment(id, commitment));
    }

    /// @dev Public inputs in the order of docs/protocol/circuit.md.
    function _holds(
        Session calldata session,
        SessionId id,
        uint256 index,
        Point memory commitment,
        Proof calldata proof
    ) private view returns (bool) {
        uint256[6] memory inputs = [
            commitment.x,
            commitment.y,
            uint256(session.contributions[index].root),
            uint256(session.subject),
            uint256(_modelRegistry().version(session.model, session.modelVersion).registration.parts[index].partHash),
            uint256(SessionId.unwrap(id)) % Scalars.FIELD
        ];
        return IScoreVerifier(session.verifier).verifyProof(proof.a, proof.b, proof.c, inputs);
    }

    function _requireVerifier(address verifier) private view {
        address[] memory versions = _versionsOf("score-verifier");
        for (uint256 i = 0; i < versions.length; ++i) {
            if (versions[i] == verifier) return;
        }
        revert ScoreRegistryUnknownVerifier(verifier);
    }

    function _requireAuthorization(Session calldata session) private view {
        IConsentRegistry.ConsentRecord memory consent = _consentRegistry().consent(session.authorization);
        bool fits = consent.subject != 0 && consent.subject == session.subject && consent.grantee == session.consumer;
        if (!fits) revert ScoreRegistryWrongAuthorization(session.authorization);
    }

    function _requireContributions(Session calldata session) private view {
        IModelRegistry.Version memory model = _modelRegistry().version(session.model, session.modelVersion);
        IModelRegistry.Part[] memory parts = model.registration.parts;
        if (model.blockNumber == 0) revert ScoreRegistryUnknownModel(session.model, session.modelVersion);
        if (session.contributions.length != parts.length) {
            revert ScoreRegistryWrongCount(parts.length, session.contributions.length);
        }
        for (uint256 i = 0; i < parts.length; ++i) {
            Contribution calldata given = session.contributions[i];
            if (!(given.dataset == parts[i].dataset)) revert ScoreRegistryWrongDataset(i, parts[i].dataset, given.dataset);
            bytes32 root = _featuresRoot(given.dataset, given.version);
            if (root == 0 || given.root != root) revert ScoreRegistryWrongRoot(i, root, given.root);
        }
    }

    function _requireSigned(
        Session calldata session,
        SessionId id,
        Point[] calldata commitments,
        bytes[] calldata signatures
    ) private view {
        uint256 count = session.contributions.length;
        if (commitments.length != count) revert ScoreRegistryWrongCount(count, commitments.length);
        if (signatures.length != count + 1) revert ScoreRegistryWrongCount(count + 1, signatures.length);
        _requireSignature(session.consumer, SessionId.unwrap(id), signatures[0]);
        for (uint256 i = 0; i < count; ++i) {
            MemberId provider = _ownerOf(session.contributions[i].dataset);
            _requireSignature(provider, hashPartCommitment(id, commitments[i]), signatures[i + 1]);
        }
    }

    function _requireSignature(MemberId member, bytes32 digest, bytes calldata signature) private view {
        address account = _members().member(member).account;
        if (!_isSignedBy(account, digest, signature)) revert ScoreRegistryInvalidSignature(member);
    }

    function _consentRegistry() private view returns (IConsentRegistry) {
        return IConsentRegistry(_contractOf("consent-registry"));
    }

    function _modelRegistry() private view returns (IModelRegistry) {
        return IModelRegistry(_contractOf("model-registry"));
    }

    function _featuresRoot(DatasetId dataset, uint32 version) private view returns (bytes32 root) {
        IDataCatalog.Commitment[] memory commitments = _catalog().version(dataset, version).commitments;
        for (uint256 i = 0; i < commitments.length; ++i) {
            if (commitments[i].name == _FEATURES) return commitments[i].root;
        }
    }

    function _ownerOf(DatasetId dataset) private view returns (MemberId) {
        return _catalog().dataset(dataset).owner;
    }
}
