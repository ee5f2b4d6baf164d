// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICouncil} from "../../../contracts/interfaces/ICouncil.sol";
import {IMemberRegistry} from "../../../contracts/interfaces/IMemberRegistry.sol";
import {COUNCIL, MemberId, Sector} from "../../../contracts/interfaces/Types.sol";
import {Network} from "../helpers/Network.sol";
import {VM} from "../helpers/Vm.sol";

contract CouncilTest is Network {
    uint256 private _calls;

    function count() external {
        require(msg.sender == address(council), "not by the council");
        ++_calls;
    }

    /// Whatever the votes, suspensions and times: it is executed exactly if a recount over present seats carries, in the window.
    function testFuzz_ExecutedExactlyIfCarried(uint8 yesMask, uint8 lostMask, uint64 wait) public {
        uint256[4] memory keys = [uint256(1), 2, 3, 5];
        uint256 id = _propose();
        uint64 passedAt = uint64(block.timestamp);
        for (uint256 i = 0; i < 4; ++i) {
            VM.prank(VM.addr(keys[i]));
            council.vote(id, (yesMask >> i) & 1 == 1);
        }
        bool passed = _carries(yesMask);
        for (uint256 i = 0; i < 4; ++i) {
            if ((lostMask >> i) & 1 == 1) members.suspend(members.memberOf(VM.addr(keys[i])), "lost");
        }
        // One seat more, so that someone is left to execute.
        _admit(MemberId.wrap("late-seat"), 6, Sector.Utilities, COUNCIL);
        uint64 time = passedAt + uint64(_bound(wait, 0, 5 days));
        VM.warp(time);
        VM.prank(VM.addr(6));
        try council.execute(id) {} catch {}
        bool inWindow = time >= passedAt + 1 days && time < passedAt + 4 days;
        bool expected = passed && _carries(yesMask & ~lostMask) && inWindow;
        require(_calls == (expected ? 1 : 0), "executed wrongly, or not");
        require((council.proposal(id).state == ICouncil.ProposalState.Executed) == expected, "state");
    }

    /// Only seats have a vote, one each.
    function testFuzz_VotesAreOfSeats(uint8 first, uint8 second) public {
        uint256 id = _propose();
        _vote(id, _bound(first, 1, 8));
        _vote(id, _bound(second, 1, 8));
        ICouncil.Proposal memory proposal = council.proposal(id);
        for (uint256 i = 0; i < proposal.yes.length; ++i) {
            require(members.isActiveWith(proposal.yes[i], COUNCIL), "no seat");
            for (uint256 j = 0; j < i; ++j) {
                require(proposal.yes[i] != proposal.yes[j], "twice");
            }
        }
    }

    function _vote(uint256 id, uint256 key) private {
        VM.prank(VM.addr(key));
        try council.vote(id, true) {} catch {}
    }

    function _propose() private returns (uint256) {
        address[] memory targets = new address[](1);
        bytes[] memory data = new bytes[](1);
        (targets[0], data[0]) = (address(this), abi.encodeCall(this.count, ()));
        VM.prank(VM.addr(2));
        return council.propose(targets, data, "count");
    }

    /// Bits 0 and 3 are government, 1 finance, 2 utilities. Quorum 2, of two sectors.
    function _carries(uint256 mask) private pure returns (bool) {
        bool government = mask & 9 != 0;
        bool finance = mask & 2 != 0;
        bool utilities = mask & 4 != 0;
        return (government && finance) || (government && utilities) || (finance && utilities);
    }
}
