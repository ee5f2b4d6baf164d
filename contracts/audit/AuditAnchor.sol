// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DirectoryClient} from "../access/DirectoryClient.sol";
import {TypedData} from "../access/TypedData.sol";
import {IAuditAnchor} from "../interfaces/IAuditAnchor.sol";
import {IDirectory} from "../interfaces/IDirectory.sol";
import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {MemberId} from "../interfaces/Types.sol";
import {ForkJudge} from "./ForkJudge.sol";
import {MerkleLog} from "./MerkleLog.sol";

/// @title Checkpoints of the members' audit logs
/// @notice The manual is {IAuditAnchor}.
contract AuditAnchor is IAuditAnchor, TypedData, ForkJudge {
    bytes32 private constant _CHECKPOINT_TYPEHASH = keccak256(
        "Checkpoint(bytes32 member,uint32 log,bytes32 suite,uint64 size,bytes32 root)"
    );
    bytes32 private constant _SUITE = "rfc6962-sha256";
    /// Between sizes of 64 bits: a node a level, and the one that the path starts at.
    uint256 private constant _MAX_PROOF = 65;
    uint256 private constant _MAX_SIGNATURE = 4096;
    uint256 private constant _ENTRY_GAS = 1_250_000;

    /// On slot 3, as {IAuditAnchor} says.
    mapping(bytes32 logKey => AnchoredCheckpoint) private _last;

    constructor(IDirectory directory_) TypedData("Xinshu Audit Anchor") DirectoryClient(directory_) {}

    /// @inheritdoc IAuditAnchor
    function anchor(Entry[] calldata entries) external {
        IMemberRegistry members = _members();
        for (uint256 i = 0; i < entries.length; ++i) {
            Entry calldata entry = entries[i];
            (uint256 hashes, uint256 signatureBytes) = (entry.consistency.length, entry.signature.length);
            // To hand on what is too long would cost the others' gas.
            if (hashes > _MAX_PROOF || signatureBytes > _MAX_SIGNATURE) {
                bytes memory oversized = abi.encodeWithSelector(AuditAnchorOversized.selector, hashes, signatureBytes);
                emit AnchorRefused(i, entry.checkpoint.member, entry.checkpoint.log, oversized);
                continue;
            }
            // EIP-150: a call is given 63/64 of what is left, whatever it asks for.
            if (gasleft() < (_ENTRY_GAS * 64) / 63 + 50_000) revert AuditAnchorGasTooLow(i, gasleft());
            // An accepted entry emits its own event.
            // solhint-disable-next-line no-empty-blocks
            try this.anchorEntry{gas: _ENTRY_GAS}(entry, members) {} catch (bytes memory reason) {
                emit AnchorRefused(i, entry.checkpoint.member, entry.checkpoint.log, reason);
            }
        }
    }

    /// @inheritdoc IAuditAnchor
    function anchorEntry(Entry calldata entry, IMemberRegistry members) external {
        Checkpoint calldata given = entry.checkpoint;
        bytes32 logKey = _logKey(given.member, given.log, given.suite);
        AnchoredCheckpoint memory last = _last[logKey];
        if (msg.sender != address(this)) revert AuditAnchorOnlySelf(msg.sender);
        _requireKnownForm(given.suite, given.size);
        _requireSigned(members, given, entry.signature);
        _requireExtends(last.size, last.root, given, entry.consistency);

        _last[logKey] = AnchoredCheckpoint(given.root, given.size, uint64(block.number), uint64(block.timestamp), last.count + 1);
        emit Anchored(given.member, given.log, given.suite, given.size, given.root);
    }

    /// @inheritdoc IAuditAnchor
    function latest(MemberId member, uint32 log, bytes32 suite) external view returns (AnchoredCheckpoint memory) {
        return _last[_logKey(member, log, suite)];
    }

    /// @inheritdoc IAuditAnchor
    function anchorCount(MemberId member, uint32 log, bytes32 suite) external view returns (uint256) {
        return _last[_logKey(member, log, suite)].count;
    }

    /// @inheritdoc IAuditAnchor
    function verifyPrefix(
        MemberId member,
        uint32 log,
        bytes32 suite,
        uint64 size,
        bytes32 root,
        bytes32[] calldata consistency
    ) external view returns (bool) {
        AnchoredCheckpoint storage last = _last[_logKey(member, log, suite)];
        if (size == 0 || size > last.size) return false;
        if (size == last.size) return consistency.length == 0 && root == last.root;
        return MerkleLog.checkConsistency(size, root, last.size, last.root, consistency) == MerkleLog.Verdict.Proven;
    }

    /// @inheritdoc IAuditAnchor
    function verifyInclusion(
        MemberId member,
        uint32 log,
        bytes32 suite,
        uint64 size,
        bytes32 leafHash,
        uint64 index,
        bytes32[] calldata proof
    ) external view returns (bool) {
        AnchoredCheckpoint storage last = _last[_logKey(member, log, suite)];
        if (size == 0 || size != last.size) revert AuditAnchorNotAnchored(member, log, suite, size);
        return MerkleLog.verifyInclusion(last.root, size, leafHash, index, proof);
    }

    /// @inheritdoc IAuditAnchor
    function hashCheckpoint(Checkpoint calldata checkpoint) public view returns (bytes32) {
        return _typedDigest(keccak256(abi.encode(_CHECKPOINT_TYPEHASH, checkpoint)));
    }

    /// @inheritdoc ForkJudge
    function _requireAnchored(MemberId member, uint32 log, bytes32 suite, uint64 size, bytes32 root) internal view override {
        AnchoredCheckpoint storage last = _last[_logKey(member, log, suite)];
        if (size != last.size || root != last.root) revert AuditAnchorNotAnchored(member, log, suite, size);
    }

    /// @inheritdoc ForkJudge
    function _requireSignedBy(ForkEvidence calldata evidence, Statement calldata statement) internal view override {
        bytes32 structHash = keccak256(
            abi.encode(_CHECKPOINT_TYPEHASH, evidence.member, evidence.log, evidence.suite, statement.size, statement.root)
        );
        if (!_isSignedBy(statement.account, _typedDigest(structHash), statement.signature)) {
            revert AuditAnchorInvalidSignature(evidence.member, statement.account);
        }
    }

    /// @inheritdoc ForkJudge
    function _requireExtension(ForkEvidence calldata evidence) internal view override {
        (uint64 first, uint64 second) = (evidence.first.size, evidence.second.size);
        _requireKnownForm(evidence.suite, first);
        if (first < second) {
            _requireConsistent(first, evidence.extendedRoot, second, evidence.second.root, evidence.consistency);
            return;
        }
        if (evidence.consistency.length > 0) revert AuditAnchorProofTooLong(first, second, evidence.consistency.length);
        if (evidence.extendedRoot != evidence.second.root) revert AuditAnchorInconsistent(first, second);
    }

    /// @dev The member's status does not matter: the history of a suspended member must go on.
    function _requireSigned(IMemberRegistry members, Checkpoint calldata given, bytes calldata signature) private view {
        address account = members.accountOf(given.member);
        if (account == address(0)) revert AuditAnchorUnknownMember(given.member);
        if (!_isSignedBy(account, hashCheckpoint(given), signature)) {
            revert AuditAnchorInvalidSignature(given.member, account);
        }
    }

    function _requireExtends(uint64 size, bytes32 root, Checkpoint calldata given, bytes32[] calldata consistency) private view {
        if (size == 0) {
            if (consistency.length > 0) revert AuditAnchorProofTooLong(0, given.size, consistency.length);
            return;
        }
        if (given.size < size) revert AuditAnchorSizeShrunk(size, given.size);
        if (given.size == size) {
            if (given.root != root) revert AuditAnchorForked(size, root, given.root);
            revert AuditAnchorAlreadyAnchored(size);
        }
        _requireConsistent(size, root, given.size, given.root, consistency);
    }

    function _requireConsistent(uint64 first, bytes32 firstRoot, uint64 second, bytes32 secondRoot, bytes32[] calldata proof) private view {
        MerkleLog.Verdict verdict = MerkleLog.checkConsistency(first, firstRoot, second, secondRoot, proof);
        if (verdict == MerkleLog.Verdict.TooShort) revert AuditAnchorProofTooShort(first, second, proof.length);
        if (verdict == MerkleLog.Verdict.TooLong) revert AuditAnchorProofTooLong(first, second, proof.length);
        if (verdict == MerkleLog.Verdict.Mismatch) revert AuditAnchorInconsistent(first, second);
    }

    function _requireKnownForm(bytes32 suite, uint64 size) private pure {
        if (suite != _SUITE) revert AuditAnchorUnsupportedSuite(suite);
        if (size == 0) revert AuditAnchorEmptyLog();
    }

    function _logKey(MemberId member, uint32 log, bytes32 suite) private pure returns (bytes32) {
        return keccak256(abi.encode(member, log, suite));
    }
}
