// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DirectoryClient} from "../access/DirectoryClient.sol";
import {TypedData} from "../access/TypedData.sol";
import {IAuditAnchor} from "../interfaces/IAuditAnchor.sol";
import {IDirectory} from "../interfaces/IDirectory.sol";
import {MemberId} from "../interfaces/Types.sol";
import {MerkleLog} from "./MerkleLog.sol";

/// @title Checkpoints of the members' audit logs
/// @notice The manual is {IAuditAnchor}.
contract AuditAnchor is IAuditAnchor, TypedData, DirectoryClient {
    bytes32 private constant _CHECKPOINT_TYPEHASH = keccak256(
        "Checkpoint(bytes32 member,uint32 log,bytes32 suite,uint64 size,bytes32 root)"
    );
    bytes32 private constant _SUITE = "rfc6962-sha256";

    mapping(bytes32 logKey => AnchoredCheckpoint[]) private _anchored;
    mapping(bytes32 logKey => mapping(uint64 size => bytes32)) private _rootAt;

    constructor(IDirectory directory_) TypedData("Xinshu Audit Anchor") DirectoryClient(directory_) {}

    /// @inheritdoc IAuditAnchor
    function anchor(Entry[] calldata entries) external {
        for (uint256 i = 0; i < entries.length; ++i) {
            // An accepted entry emits its own event.
            // solhint-disable-next-line no-empty-blocks
            try this.anchorEntry(entries[i]) {} catch (bytes memory reason) {
                emit AnchorRefused(i, entries[i].checkpoint.member, entries[i].checkpoint.log, reason);
            }
        }
    }

    /// @inheritdoc IAuditAnchor
    function anchorEntry(Entry calldata entry) external {
        Checkpoint calldata given = entry.checkpoint;
        bytes32 logKey = _logKey(given.member, given.log, given.suite);
        if (msg.sender != address(this)) revert AuditAnchorOnlySelf(msg.sender);
        if (given.suite != _SUITE) revert AuditAnchorUnsupportedSuite(given.suite);
        if (given.size == 0) revert AuditAnchorEmptyLog();
        _requireSigned(given, entry.signature);
        AnchoredCheckpoint memory last = _last(logKey);
        _requireExtends(last, given, entry.consistency);

        _anchored[logKey].push(AnchoredCheckpoint(given.size, given.root, uint64(block.number), uint64(block.timestamp)));
        _rootAt[logKey][given.size] = given.root;
        emit Anchored(given.member, given.log, given.suite, given.size, given.root);
    }

    /// @inheritdoc IAuditAnchor
    function latest(MemberId member, uint32 log, bytes32 suite) external view returns (AnchoredCheckpoint memory) {
        return _last(_logKey(member, log, suite));
    }

    /// @inheritdoc IAuditAnchor
    function anchorCount(MemberId member, uint32 log, bytes32 suite) external view returns (uint256) {
        return _anchored[_logKey(member, log, suite)].length;
    }

    /// @inheritdoc IAuditAnchor
    function anchorAt(MemberId member, uint32 log, bytes32 suite, uint256 index) external view returns (AnchoredCheckpoint memory) {
        return _anchored[_logKey(member, log, suite)][index];
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
        bytes32 root = _rootAt[_logKey(member, log, suite)][size];
        if (root == 0) revert AuditAnchorNotAnchored(member, log, suite, size);
        return MerkleLog.verifyInclusion(root, size, leafHash, index, proof);
    }

    /// @inheritdoc IAuditAnchor
    function hashCheckpoint(Checkpoint calldata checkpoint) public view returns (bytes32) {
        return _typedDigest(keccak256(abi.encode(_CHECKPOINT_TYPEHASH, checkpoint)));
    }

    function _last(bytes32 logKey) private view returns (AnchoredCheckpoint memory last) {
        AnchoredCheckpoint[] storage history = _anchored[logKey];
        if (history.length > 0) last = history[history.length - 1];
    }

    /// @dev The member's status does not matter: the history of a suspended member must go on.
    function _requireSigned(Checkpoint calldata given, bytes calldata signature) private view {
        address account = _members().member(given.member).account;
        if (account == address(0)) revert AuditAnchorUnknownMember(given.member);
        if (!_isSignedBy(account, hashCheckpoint(given), signature)) {
            revert AuditAnchorInvalidSignature(given.member, account);
        }
    }

    function _requireExtends(AnchoredCheckpoint memory last, Checkpoint calldata given, bytes32[] calldata consistency) private pure {
        if (given.size < last.size) revert AuditAnchorSizeShrunk(last.size, given.size);
        if (given.size == last.size) {
            if (given.root != last.root) revert AuditAnchorForked(given.size, last.root, given.root);
            revert AuditAnchorAlreadyAnchored(given.size);
        }
        bool extends_ =
            last.size == 0
                ? consistency.length == 0
                : MerkleLog.verifyConsistency(last.size, last.root, given.size, given.root, consistency);
        if (!extends_) revert AuditAnchorInconsistent(last.size, given.size);
    }

    function _logKey(MemberId member, uint32 log, bytes32 suite) private pure returns (bytes32) {
        return keccak256(abi.encode(member, log, suite));
    }
}
