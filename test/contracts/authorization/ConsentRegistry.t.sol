// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentRegistry} from "../../../contracts/interfaces/IConsentRegistry.sol";
import {ConsentId} from "../../../contracts/interfaces/Types.sol";
import {Network} from "../helpers/Network.sol";
import {VM} from "../helpers/Vm.sol";

contract ConsentRegistryTest is Network {
    string[4] private _words = ["raw", "score", "verify", "sandbox"];

    /// A consent is taken by the signature of its key alone, and says afterwards what was signed.
    function testFuzz_GivenAsSigned(uint256 seed, uint64 duration, uint32 uses, uint8 operations, uint256 nonce) public {
        uint256 key = _bound(seed, 1, type(uint128).max);
        IConsentRegistry.Consent memory consent = _consent(key, nonce);
        consent.notAfter = uint64(block.timestamp + _bound(duration, 1, 3650 days));
        consent.maxUses = uint32(_bound(uses, 1, type(uint32).max));
        consent.operations = _chosen(uint8(_bound(operations, 1, 15)));
        ConsentId id = _give(key, consent);
        IConsentRegistry.ConsentRecord memory record = consents.consent(id);
        require(record.key == VM.addr(key) && record.subject == consent.subject, "whose");
        require(record.notAfter == consent.notAfter && record.maxUses == consent.maxUses, "limits");
        require(record.operations == _bound(operations, 1, 15), "operations");
        require(consents.stateOf(id) == IConsentRegistry.ConsentState.Live, "live");
        VM.expectRevert(abi.encodeWithSelector(IConsentRegistry.ConsentRegistryNonceUsed.selector, consent.key, nonce));
        consents.give(consent, _signature(key, ConsentId.unwrap(id)));
    }

    /// One word changed after signing, or any other bytes as the signature: nothing is recorded.
    function testFuzz_NothingWithoutTheSignature(uint8 word, uint64 value, bytes calldata garbage) public {
        IConsentRegistry.Consent memory signed = _consent(101, 1);
        bytes memory signature = _signature(101, ConsentId.unwrap(consents.hashConsent(signed)));
        IConsentRegistry.Consent memory consent = _consent(101, 1);
        uint64 change = uint64(_bound(value, 1, 1000));
        if (word % 6 == 0) consent.subject = bytes32(uint256(change) + 1);
        if (word % 6 == 1) consent.maxUses += uint32(change);
        if (word % 6 == 2) consent.notAfter += change;
        if (word % 6 == 3) consent.notBefore += change;
        if (word % 6 == 4) consent.nonce += change;
        if (word % 6 == 5) consent.deadline += change;
        _expectUnsigned(consent);
        consents.give(consent, signature);
        _expectUnsigned(signed);
        consents.give(signed, garbage);
        require(consents.stateOf(consents.hashConsent(signed)) == IConsentRegistry.ConsentState.None, "recorded");
    }

    /// Signed for another chain: refused on this one, whatever its id.
    function testFuzz_NotOnAnotherChain(uint64 chain) public {
        VM.assume(chain != block.chainid && chain != 0);
        IConsentRegistry.Consent memory consent = _consent(101, 1);
        bytes memory signature = _signature(101, ConsentId.unwrap(consents.hashConsent(consent)));
        VM.chainId(chain);
        _expectUnsigned(consent);
        consents.give(consent, signature);
    }

    /// An amendment is taken exactly if nothing grows and something shrinks.
    function testFuzz_AmendsExactlyNarrower(uint8 fields, uint8 operations, uint64 notAfter, uint32 uses) public {
        IConsentRegistry.Consent memory consent = _consent(101, 1);
        ConsentId id = _give(101, consent);
        IConsentRegistry.Amendment memory given;
        given.consent = ConsentId.unwrap(id);
        given.revision = 1;
        given.scopes = consent.scopes;
        bool fewer = fields % 2 == 0;
        if (fewer) {
            given.scopes = new IConsentRegistry.DatasetScope[](1);
            given.scopes[0] = IConsentRegistry.DatasetScope("gov.penalty", new string[](1));
            given.scopes[0].fields[0] = "amount";
        }
        uint256 mask = _bound(operations, 1, 7);
        given.operations = _chosen(uint8(mask));
        given.notAfter = uint64(_bound(notAfter, consent.notAfter - 1, consent.notAfter + 1));
        given.maxUses = uint32(_bound(uses, 99, 101));
        given.deadline = consent.deadline;
        bool wider = mask & 4 != 0 || given.notAfter > consent.notAfter || given.maxUses > 100;
        bool narrower = fewer || mask != 3 || given.notAfter < consent.notAfter || given.maxUses < 100;
        bytes memory signature = _signature(101, consents.hashAmendment(given));
        if (wider || !narrower) VM.expectRevert(abi.encodeWithSelector(IConsentRegistry.ConsentRegistryNotNarrower.selector, id));
        consents.amend(given, signature);
        require(consents.consent(id).revision == (wider || !narrower ? 0 : 1), "revision");
    }

    function _expectUnsigned(IConsentRegistry.Consent memory consent) private {
        ConsentId id = consents.hashConsent(consent);
        VM.expectRevert(abi.encodeWithSelector(IConsentRegistry.ConsentRegistryInvalidSignature.selector, id, consent.key));
    }

    function _chosen(uint8 mask) private view returns (string[] memory chosen) {
        uint256 length = 0;
        for (uint256 i = 0; i < 4; ++i) {
            length += (mask >> i) & 1;
        }
        chosen = new string[](length);
        uint256 next = 0;
        for (uint256 i = 0; i < 4; ++i) {
            if ((mask >> i) & 1 == 1) chosen[next++] = _words[i];
        }
    }
}
