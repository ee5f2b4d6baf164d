// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

import {ICouncil} from "../interfaces/ICouncil.sol";
import {IDirectory} from "../interfaces/IDirectory.sol";
import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {COUNCIL, MemberId} from "../interfaces/Types.sol";
import {DirectoryClient} from "./DirectoryClient.sol";

/// @title The council: one member, one vote
/// @notice The manual is {ICouncil}.
contract Council is ICouncil, DirectoryClient {
    struct Motion {
        MemberId proposer;
        address[] targets;
        bytes[] data;
        string description;
        MemberId[] yes;
        MemberId[] no;
        uint64 votesUntil;
        uint64 executableFrom;
        uint64 executableUntil;
        bool executed;
    }

    /// One sector alone never decides.
    uint256 private constant _MIN_SECTORS = 2;

    Settings private _settings;
    /// Proposal n is at n - 1.
    Motion[] private _motions;
    mapping(uint256 id => mapping(MemberId seat => bool)) private _voted;

    constructor(IDirectory directory_, Settings memory initial) DirectoryClient(directory_) {
        _setSettings(initial);
    }

    /// @inheritdoc ICouncil
    function propose(address[] calldata targets, bytes[] calldata data, string calldata description) external returns (uint256 id) {
        MemberId seat = _seat();
        if (targets.length == 0 || targets.length != data.length) revert CouncilInvalidProposal(targets.length, data.length);

        Motion storage motion = _motions.push();
        id = _motions.length;
        motion.proposer = seat;
        motion.targets = targets;
        for (uint256 i = 0; i < data.length; ++i) {
            motion.data.push(data[i]);
        }
        motion.description = description;
        motion.votesUntil = uint64(block.timestamp) + _settings.votingPeriod;
        emit Proposed(id, seat, targets, data, description, motion.votesUntil);
    }

    /// @inheritdoc ICouncil
    function vote(uint256 id, bool yes) external {
        Motion storage motion = _motion(id);
        MemberId seat = _seat();
        if (block.timestamp >= motion.votesUntil) revert CouncilVotingClosed(id, motion.votesUntil);
        if (_voted[id][seat]) revert CouncilAlreadyVoted(id, seat);

        _voted[id][seat] = true;
        (yes ? motion.yes : motion.no).push(seat);
        emit Voted(id, seat, yes);
        if (motion.executableFrom == 0) _passIfCarried(id, motion);
    }

    /// @inheritdoc ICouncil
    function execute(uint256 id) external {
        Motion storage motion = _motion(id);
        MemberId seat = _seat();
        if (motion.executed) revert CouncilAlreadyExecuted(id);
        // Counted again: a seat lost since the vote no longer counts.
        (uint256 yes, uint256 sectors) = _count(motion.yes);
        if (motion.executableFrom == 0 || !_carries(yes, sectors)) revert CouncilNotPassed(id, yes, sectors);
        if (block.timestamp < motion.executableFrom) revert CouncilTooEarly(id, motion.executableFrom);
        if (block.timestamp >= motion.executableUntil) revert CouncilExpired(id, motion.executableUntil);

        motion.executed = true;
        emit Executed(id, seat);
        for (uint256 i = 0; i < motion.targets.length; ++i) {
            Address.functionCall(motion.targets[i], motion.data[i]);
        }
    }

    /// @inheritdoc ICouncil
    function setSettings(Settings calldata next) external {
        if (msg.sender != address(this)) revert CouncilOnlySelf(msg.sender);
        if (next.quorum > seats().length) revert CouncilInvalidSettings(next);
        _setSettings(next);
    }

    /// @inheritdoc ICouncil
    function settings() external view returns (Settings memory) {
        return _settings;
    }

    /// @inheritdoc ICouncil
    function proposalCount() external view returns (uint256) {
        return _motions.length;
    }

    /// @inheritdoc ICouncil
    function proposal(uint256 id) external view returns (Proposal memory found) {
        if (id == 0 || id > _motions.length) return found;
        Motion storage motion = _motions[id - 1];
        found.proposer = motion.proposer;
        found.targets = motion.targets;
        found.data = motion.data;
        found.description = motion.description;
        found.yes = motion.yes;
        found.no = motion.no;
        found.votesUntil = motion.votesUntil;
        found.executableFrom = motion.executableFrom;
        found.executableUntil = motion.executableUntil;
        found.state = _stateOf(motion);
    }

    /// @inheritdoc ICouncil
    function seats() public view returns (MemberId[] memory seated) {
        IMemberRegistry members = _members();
        MemberId[] memory all = members.memberIds();
        uint256 count = 0;
        for (uint256 i = 0; i < all.length; ++i) {
            if (members.isActiveWith(all[i], COUNCIL)) all[count++] = all[i];
        }
        seated = new MemberId[](count);
        for (uint256 i = 0; i < count; ++i) {
            seated[i] = all[i];
        }
    }

    function _setSettings(Settings memory next) private {
        if (next.quorum < _MIN_SECTORS || next.votingPeriod == 0 || next.window == 0) revert CouncilInvalidSettings(next);
        _settings = next;
        emit SettingsChanged(next);
    }

    function _passIfCarried(uint256 id, Motion storage motion) private {
        (uint256 yes, uint256 sectors) = _count(motion.yes);
        if (!_carries(yes, sectors)) return;
        motion.executableFrom = uint64(block.timestamp) + _settings.delay;
        motion.executableUntil = motion.executableFrom + _settings.window;
        emit Passed(id, motion.executableFrom, motion.executableUntil);
    }

    function _seat() private view returns (MemberId seat) {
        seat = _members().memberOf(msg.sender);
        if (!_members().isActiveWith(seat, COUNCIL)) revert CouncilNotASeat(msg.sender);
    }

    function _motion(uint256 id) private view returns (Motion storage) {
        if (id == 0 || id > _motions.length) revert CouncilUnknownProposal(id);
        return _motions[id - 1];
    }

    function _carries(uint256 yes, uint256 sectors) private view returns (bool) {
        return yes >= _settings.quorum && sectors >= _MIN_SECTORS;
    }

    /// @dev Votes of those who have a seat now, and how many sectors they come from.
    function _count(MemberId[] storage voters) private view returns (uint256 yes, uint256 sectors) {
        IMemberRegistry members = _members();
        uint256 seen = 0;
        for (uint256 i = 0; i < voters.length; ++i) {
            if (!members.isActiveWith(voters[i], COUNCIL)) continue;
            uint256 bit = 1 << uint8(members.member(voters[i]).sector);
            if (seen & bit == 0) ++sectors;
            seen |= bit;
            ++yes;
        }
    }

    function _stateOf(Motion storage motion) private view returns (ProposalState) {
        if (motion.executed) return ProposalState.Executed;
        if (motion.executableFrom == 0) return block.timestamp < motion.votesUntil ? ProposalState.Open : ProposalState.Expired;
        return block.timestamp < motion.executableUntil ? ProposalState.Passed : ProposalState.Expired;
    }
}
