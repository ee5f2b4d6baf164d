// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentRegistry} from "../../../contracts/interfaces/IConsentRegistry.sol";
import {ConsentId} from "../../../contracts/interfaces/Types.sol";
import {Network} from "../helpers/Network.sol";
import {VM} from "../helpers/Vm.sol";

/// Everything that subjects and relays may try, in any order, by the right key and by wrong ones.
contract ConsentHandler is Network {
    uint256 private constant _KEYS = 4;

    /// Messages ever signed, and what is known of each.
    IConsentRegistry.Consent[] private _messages;
    ConsentId[] private _ids;
    mapping(ConsentId id => bool) public withdrawn;
    mapping(ConsentId id => bool) public recorded;
    mapping(ConsentId id => uint32) private _leastUses;
    mapping(ConsentId id => uint64) private _leastNotAfter;
    mapping(ConsentId id => uint16) private _leastOperations;
    uint256 private _nonce;
    bool public widened;
    uint256 public withdrawals;

    function sign(uint256 key, bool renew, uint256 which) external {
        uint256 by = _bound(key, 101, 100 + _KEYS);
        IConsentRegistry.Consent memory consent = _consent(by, ++_nonce);
        if (renew && _ids.length > 0) consent.renews = ConsentId.unwrap(_ids[which % _ids.length]);
        _messages.push();
        _store(_messages[_messages.length - 1], consent);
        _ids.push(consents.hashConsent(consent));
    }

    /// Gives a message, for the first time or again.
    function give(uint256 which) external {
        if (_ids.length == 0) return;
        uint256 index = which % _ids.length;
        IConsentRegistry.Consent memory consent = _messages[index];
        ConsentId id = _ids[index];
        bool paused = emergency.isPaused();
        try consents.give(consent, _signature(_keyOf(consent.key), ConsentId.unwrap(id))) {
            if (paused) widened = true;
            recorded[id] = true;
            _leastUses[id] = consent.maxUses;
            _leastNotAfter[id] = consent.notAfter;
            _leastOperations[id] = 3;
        } catch {}
    }

    /// Withdraws by the right key, or tries with another.
    function withdraw(uint256 which, uint256 key, bool right) external {
        if (_ids.length == 0) return;
        uint256 index = which % _ids.length;
        ConsentId id = _ids[index];
        uint256 by = right ? _keyOf(_messages[index].key) : _bound(key, 101, 100 + _KEYS);
        try consents.withdraw(id, VM.addr(by), _signature(by, consents.hashWithdrawal(id))) {
            if (VM.addr(by) != _messages[index].key) return;
            withdrawn[id] = true;
            ++withdrawals;
        } catch {}
    }

    function amend(uint256 which, uint32 maxUses, uint64 notAfter, bool raw, bool score) external {
        if (_ids.length == 0) return;
        uint256 index = which % _ids.length;
        IConsentRegistry.ConsentRecord memory record = consents.consent(_ids[index]);
        IConsentRegistry.Amendment memory amendment;
        amendment.consent = ConsentId.unwrap(_ids[index]);
        amendment.revision = record.revision + 1;
        amendment.scopes = _messages[index].scopes;
        amendment.operations = _operations(raw, score);
        amendment.notAfter = uint64(_bound(notAfter, block.timestamp, block.timestamp + 11 days));
        amendment.maxUses = uint32(_bound(maxUses, 0, 110));
        amendment.deadline = uint64(block.timestamp);
        bytes32 digest = consents.hashAmendment(amendment);
        try consents.amend(amendment, _signature(_keyOf(_messages[index].key), digest)) {
            if (emergency.isPaused()) widened = true;
        } catch {}
    }

    function pause() external {
        if (!emergency.isPaused()) _pause();
    }

    function pass(uint256 time) external {
        VM.warp(block.timestamp + _bound(time, 1, 2 days));
    }

    /// Nothing of a recorded consent ever grows.
    function check() external returns (bool) {
        for (uint256 i = 0; i < _ids.length; ++i) {
            ConsentId id = _ids[i];
            IConsentRegistry.ConsentRecord memory record = consents.consent(id);
            if (withdrawn[id] && _isLive(record.state)) return false;
            if (withdrawn[id] && recorded[id] && record.state != IConsentRegistry.ConsentState.Withdrawn) return false;
            if (!recorded[id]) continue;
            if (record.maxUses > _leastUses[id] || record.notAfter > _leastNotAfter[id]) return false;
            if (record.operations & ~_leastOperations[id] != 0) return false;
            (_leastUses[id], _leastNotAfter[id], _leastOperations[id]) = (record.maxUses, record.notAfter, record.operations);
        }
        return true;
    }

    function _store(IConsentRegistry.Consent storage slot, IConsentRegistry.Consent memory consent) private {
        slot.subject = consent.subject;
        slot.key = consent.key;
        slot.grantee = consent.grantee;
        slot.scopes.push(consent.scopes[0]);
        slot.purpose = consent.purpose;
        slot.operations = consent.operations;
        slot.notAfter = consent.notAfter;
        slot.maxUses = consent.maxUses;
        slot.renews = consent.renews;
        slot.nonce = consent.nonce;
        slot.deadline = consent.deadline;
    }

    function _keyOf(address account) private pure returns (uint256 key) {
        for (key = 101; VM.addr(key) != account; ++key) {}
    }

    function _isLive(IConsentRegistry.ConsentState state) private pure returns (bool) {
        return state == IConsentRegistry.ConsentState.Live || state == IConsentRegistry.ConsentState.NotYet;
    }

    function _operations(bool raw, bool score) private pure returns (string[] memory words) {
        words = new string[](raw && score ? 2 : 1);
        words[0] = raw ? "raw" : "score";
        if (raw && score) words[1] = "score";
    }
}

contract ConsentsInvariant {
    ConsentHandler private _handler;

    function setUp() public {
        _handler = new ConsentHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// No sequence of calls makes a withdrawn consent live, or widens a recorded one, and none is given while paused.
    function invariant_WithdrawnNeverLiveAndNothingWidens() public {
        require(!_handler.widened(), "given or amended while paused");
        require(_handler.check(), "a withdrawn consent lives, or a consent grew");
    }
}
