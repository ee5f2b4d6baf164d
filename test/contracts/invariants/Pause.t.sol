// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuditAnchor} from "../../../contracts/interfaces/IAuditAnchor.sol";
import {IDataCatalog} from "../../../contracts/interfaces/IDataCatalog.sol";
import {ConsentId, DatasetId, GrantId, MemberId, RequestId, Sector} from "../../../contracts/interfaces/Types.sol";
import {Network} from "../helpers/Network.sol";
import {VM} from "../helpers/Vm.sol";

/// The same calls, paused or not: those that grant fail exactly while paused, those that stop never fail.
contract PauseHandler is Network {
    ConsentId private _consentId;
    GrantId private _grantId;
    uint256 private _nonce;
    uint64 private _logSize;
    bool public grantedWhilePaused;
    bool public stopRefused;
    bool public grantRefused;
    uint256 public stopsWhilePaused;

    /// What these calls need exists from the start, so that a refusal has no other ground than the pause.
    constructor() {
        _makeConsent();
        _makeGrant();
    }

    function pause() external {
        if (!emergency.isPaused()) _pause();
    }

    function endPause() external {
        if (emergency.isPaused()) emergency.end();
    }

    function pass(uint256 time) external {
        VM.warp(block.timestamp + _bound(time, 1, 1 days));
    }

    function give() external {
        try this.makeConsent() {
            _granted();
        } catch {
            _refused();
        }
    }

    function grant() external {
        try this.makeGrant() {
            _granted();
        } catch {
            _refused();
        }
    }

    function register() external {
        VM.prank(VM.addr(3));
        try catalog.register(_code(), _registration()) {
            _granted();
        } catch {
            _refused();
        }
    }

    function admit() external {
        try this.admitMember() {
            _granted();
        } catch {
            _refused();
        }
    }

    function setPolicy() external {
        IDataCatalog.Policy memory none;
        VM.prank(VM.addr(1));
        try catalog.setPolicy(PENALTY, none) {
            _granted();
        } catch {
            _refused();
        }
    }

    function withdraw() external {
        if (ConsentId.unwrap(_consentId) == 0) return;
        bytes memory signature = _signature(101, consents.hashWithdrawal(_consentId));
        try consents.withdraw(_consentId, VM.addr(101), signature) {
            _stopped();
        } catch {
            stopRefused = true;
        }
        _consentId = ConsentId.wrap(0);
    }

    function revoke() external {
        if (GrantId.unwrap(_grantId) == 0) return;
        VM.prank(VM.addr(1));
        try grants.revoke(_grantId, "reason") {
            _stopped();
        } catch {
            stopRefused = true;
        }
        _grantId = GrantId.wrap(0);
    }

    function suspend() external {
        try members.suspend(TRADER, "reason") {
            _stopped();
        } catch {
            stopRefused = true;
        }
        members.resume(TRADER);
    }

    /// A first checkpoint of a new log of its own each time.
    function anchor() external {
        IAuditAnchor.Entry[] memory entries = new IAuditAnchor.Entry[](1);
        uint32 log = uint32(++_nonce);
        entries[0].checkpoint = IAuditAnchor.Checkpoint(BANK, log, SUITE, 1, "root");
        entries[0].signature = _signature(2, anchors.hashCheckpoint(entries[0].checkpoint));
        anchors.anchor(entries);
        if (anchors.latest(BANK, log, SUITE).size != 1) stopRefused = true;
        else _stopped();
    }

    // Called by this contract alone, so that a refusal can be caught.

    function makeConsent() external {
        if (msg.sender != address(this)) return;
        _makeConsent();
    }

    function makeGrant() external {
        if (msg.sender != address(this)) return;
        _makeGrant();
    }

    function admitMember() external {
        if (msg.sender != address(this)) return;
        _admit(MemberId.wrap(DatasetId.unwrap(_code())), 1000 + _nonce, Sector.Finance, 1);
    }

    function _makeConsent() private {
        _consentId = _give(101, _consent(101, ++_nonce));
    }

    function _makeGrant() private {
        VM.prank(VM.addr(2));
        (RequestId id, ) = grants.request(PENALTY, _scope());
        VM.prank(VM.addr(1));
        _grantId = grants.approve(id, _scope(), 1, "terms");
    }

    /// A code not used before: `n` and five digits.
    function _code() private returns (DatasetId) {
        bytes memory digits = "n00000";
        uint256 left = ++_nonce;
        for (uint256 i = 5; i > 0; --i) {
            digits[i] = bytes1(uint8(48 + (left % 10)));
            left /= 10;
        }
        return DatasetId.wrap(bytes32(digits));
    }

    function _granted() private {
        if (emergency.isPaused()) grantedWhilePaused = true;
    }

    function _refused() private {
        if (!emergency.isPaused()) grantRefused = true;
    }

    function _stopped() private {
        if (emergency.isPaused()) ++stopsWhilePaused;
    }
}

contract PauseInvariant {
    PauseHandler private _handler;

    function setUp() public {
        _handler = new PauseHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// A pause never grants, and never stops withdrawing, revoking, suspending or anchoring.
    function invariant_PauseOnlyStops() public view {
        require(!_handler.grantedWhilePaused(), "granted while paused");
        require(!_handler.stopRefused(), "a stop was refused");
        require(!_handler.grantRefused(), "refused without a pause");
    }
}
