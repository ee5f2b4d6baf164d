// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DirectoryClient} from "../access/DirectoryClient.sol";
import {IForkJudge} from "../interfaces/IForkJudge.sol";
import {MemberId} from "../interfaces/Types.sol";

/// @title The judge of two checkpoints that contradict each other
/// @notice The manual is {IForkJudge}.
abstract contract ForkJudge is IForkJudge, DirectoryClient {
    mapping(MemberId member => ForkRecord[]) private _forks;
    mapping(bytes32 id => bool) private _recorded;

    /// @inheritdoc IForkJudge
    function reportFork(ForkEvidence calldata evidence) external {
        Statement calldata first = evidence.first;
        Statement calldata second = evidence.second;
        bytes32 id = keccak256(abi.encode(evidence.member, evidence.log, evidence.suite, first.size, first.root, second.size, second.root));
        if (_recorded[id]) revert ForkJudgeKnown(id);
        _requireContradiction(evidence);
        _requireMade(evidence, first);
        _requireMade(evidence, second);

        _recorded[id] = true;
        _forks[evidence.member].push(
            ForkRecord({
                id: id,
                suite: evidence.suite,
                firstRoot: first.root,
                secondRoot: second.root,
                log: evidence.log,
                firstSize: first.size,
                secondSize: second.size,
                blockNumber: uint64(block.number)
            })
        );
        emit ForkRecorded(id, evidence.member, evidence.log, evidence);
        _members().recordFork(evidence.member, id);
    }

    /// @inheritdoc IForkJudge
    function forkCount(MemberId member) external view returns (uint256) {
        return _forks[member].length;
    }

    /// @inheritdoc IForkJudge
    function forkAt(MemberId member, uint256 index) external view returns (ForkRecord memory) {
        return _forks[member][index];
    }

    /// @inheritdoc IForkJudge
    function isForkRecorded(bytes32 id) external view returns (bool) {
        return _recorded[id];
    }

    /// @dev Reverts unless the member's log was anchored with this size and root, and is kept.
    function _requireAnchored(MemberId member, uint32 log, bytes32 suite, uint64 size, bytes32 root) internal view virtual;

    /// @dev Reverts unless `account` signed the checkpoint.
    function _requireSignedBy(ForkEvidence calldata evidence, Statement calldata statement) internal view virtual;

    /// @dev Reverts unless `second` extends (first.size, extendedRoot).
    function _requireExtension(ForkEvidence calldata evidence) internal view virtual;

    function _requireContradiction(ForkEvidence calldata evidence) private view {
        Statement calldata first = evidence.first;
        Statement calldata second = evidence.second;
        // One contradiction has one form, so that it is recorded once.
        bool ordered = first.size == second.size ? first.root <= second.root : first.size < second.size;
        if (!ordered) revert ForkJudgeUnordered(first.size, first.root, second.size, second.root);
        if (evidence.extendedRoot == first.root) revert ForkJudgeNoContradiction(first.size, first.root);
        _requireExtension(evidence);
    }

    function _requireMade(ForkEvidence calldata evidence, Statement calldata statement) private view {
        if (statement.account == address(0)) {
            _requireAnchored(evidence.member, evidence.log, evidence.suite, statement.size, statement.root);
            return;
        }
        if (_members().holderOf(statement.account) != evidence.member) {
            revert ForkJudgeForeignAccount(evidence.member, statement.account);
        }
        _requireSignedBy(evidence, statement);
    }
}
