// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MemberId} from "./Types.sol";

/// @title The council: one member, one vote
/// @notice Its seats are the active members with the role COUNCIL. It is the admin of the AccessManager. A proposal passes with
/// `quorum` yes votes from at least two sectors, may be executed `delay` seconds after it passed, and only within `window`
/// seconds from then. Votes of members that lost their seat meanwhile do not count at execution.
interface ICouncil {
    enum ProposalState {
        None,
        Open,
        Passed,
        Executed,
        Expired
    }

    /// @param quorum least number of yes votes, at least 2
    /// @param delay seconds between passing and the first moment of execution
    /// @param votingPeriod seconds in which votes are taken
    /// @param window seconds in which a passed proposal may be executed once its delay is over
    struct Settings {
        uint16 quorum;
        uint64 delay;
        uint64 votingPeriod;
        uint64 window;
    }

    struct Proposal {
        MemberId proposer;
        address[] targets;
        bytes[] data;
        string description;
        MemberId[] yes;
        MemberId[] no;
        uint64 votesUntil;
        uint64 executableFrom;
        uint64 executableUntil;
        ProposalState state;
    }

    event Proposed(uint256 indexed id, MemberId indexed proposer, address[] targets, bytes[] data, string description, uint64 votesUntil);
    event Voted(uint256 indexed id, MemberId indexed seat, bool yes);
    event Passed(uint256 indexed id, uint64 executableFrom, uint64 executableUntil);
    event Executed(uint256 indexed id, MemberId indexed seat);
    event SettingsChanged(Settings settings);

    error CouncilNotASeat(address account);
    error CouncilOnlySelf(address account);
    error CouncilInvalidSettings(Settings settings);
    error CouncilInvalidProposal(uint256 targets, uint256 data);
    error CouncilUnknownProposal(uint256 id);
    error CouncilVotingClosed(uint256 id, uint64 votesUntil);
    error CouncilAlreadyVoted(uint256 id, MemberId seat);
    error CouncilAlreadyExecuted(uint256 id);
    /// The yes votes of present seats do not suffice.
    error CouncilNotPassed(uint256 id, uint256 yes, uint256 sectors);
    error CouncilTooEarly(uint256 id, uint64 executableFrom);
    error CouncilExpired(uint256 id, uint64 executableUntil);

    /// @notice Proposes calls by the council, in order. By a seat. The proposer's vote is not implied.
    /// @return id from 1
    function propose(address[] calldata targets, bytes[] calldata data, string calldata description) external returns (uint256 id);

    /// @notice Votes once, by a seat, within the voting period.
    function vote(uint256 id, bool yes) external;

    /// @notice Makes the calls of a passed proposal, all or none. By a seat. A failing call's revert data is passed on.
    function execute(uint256 id) external;

    /// @notice Changes the rules; only by a proposal of the council itself, and never to a quorum above the present number of seats.
    function setSettings(Settings calldata next) external;

    function settings() external view returns (Settings memory);

    function proposalCount() external view returns (uint256);

    /// @notice A proposal with its state at this block's time; all zero if unknown.
    function proposal(uint256 id) external view returns (Proposal memory);

    /// @notice The members with a seat now.
    function seats() external view returns (MemberId[] memory);
}
