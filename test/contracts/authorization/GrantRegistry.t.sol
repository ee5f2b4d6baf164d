// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDataCatalog} from "../../../contracts/interfaces/IDataCatalog.sol";
import {IGrantRegistry} from "../../../contracts/interfaces/IGrantRegistry.sol";
import {GrantId, RequestId} from "../../../contracts/interfaces/Types.sol";
import {Network} from "../helpers/Network.sol";
import {VM} from "../helpers/Vm.sol";

contract GrantRegistryTest is Network {
    /// Field and purpose lists by bit masks over these.
    bytes32[3] private _purposes = [bytes32("P01"), "P02", "P03"];
    bytes32[2] private _fields = [bytes32("date"), "amount"];

    struct Asked {
        uint8 purposes;
        uint8 fields;
        uint8 operations;
        uint64 duration;
        uint32 quota;
    }

    struct Offered {
        bool active;
        uint8 sectors;
        uint8 purposes;
        uint8 operations;
        uint64 maxDuration;
        uint32 quota;
    }

    /// A policy grants exactly what it covers.
    function testFuzz_PolicyGrantsExactlyWhatItCovers(Asked memory asked, Offered memory offered) public {
        IGrantRegistry.Scope memory scope = _from(asked);
        IDataCatalog.Policy memory policy = IDataCatalog.Policy(
            offered.active,
            uint8(_bound(offered.sectors, 1, 15)) << 1,
            _chosen(uint8(_bound(offered.purposes, 1, 7))),
            uint16(_bound(offered.operations, 1, 15)),
            uint64(_bound(offered.maxDuration, 1, 20 days)),
            offered.quota % 4
        );
        VM.prank(VM.addr(1));
        catalog.setPolicy(PENALTY, policy);
        VM.prank(VM.addr(2));
        (, GrantId granted) = grants.request(PENALTY, scope);
        bool finance = policy.sectors & 4 != 0;
        bool purposes = _bound(asked.purposes, 1, 7) & ~_bound(offered.purposes, 1, 7) == 0;
        bool operations = scope.operations & ~policy.operations == 0;
        bool time = scope.notAfter - scope.notBefore <= policy.maxDuration;
        bool covered = offered.active && finance && purposes && operations && time;
        require((GrantId.unwrap(granted) != 0) == covered, "granted wrongly, or not");
        require(grants.isLive(granted) == covered, "live");
        if (!covered) return;
        uint32 quota = grants.grant(granted).scope.quota;
        require(quota == scope.quota || quota == policy.quota, "a quota of nobody");
        if (scope.quota != 0) require(quota != 0 && quota <= scope.quota, "more than asked");
        if (policy.quota != 0) require(quota != 0 && quota <= policy.quota, "more than offered");
    }

    /// A provider approves exactly what is within the request.
    function testFuzz_ApprovedExactlyWithinTheRequest(Asked memory asked, Asked memory given) public {
        IGrantRegistry.Scope memory wanted = _from(asked);
        IGrantRegistry.Scope memory scope = _from(given);
        VM.prank(VM.addr(2));
        (RequestId id, ) = grants.request(PENALTY, wanted);
        bool within =
            _bound(given.purposes, 1, 7) & ~_bound(asked.purposes, 1, 7) == 0 &&
                _bound(given.fields, 1, 3) & ~_bound(asked.fields, 1, 3) == 0 &&
                scope.operations & ~wanted.operations == 0 &&
                scope.notAfter <= wanted.notAfter &&
                (wanted.quota == 0 || (scope.quota != 0 && scope.quota <= wanted.quota));
        VM.prank(VM.addr(1));
        if (!within) VM.expectRevert(abi.encodeWithSelector(IGrantRegistry.GrantRegistryBeyondRequest.selector, id));
        grants.approve(id, scope, 1, "terms");
        bool granted = grants.accessRequest(id).state == IGrantRegistry.RequestState.Granted;
        require(granted == within, "state");
    }

    function _from(Asked memory asked) private view returns (IGrantRegistry.Scope memory scope) {
        scope.purposes = _chosen(uint8(_bound(asked.purposes, 1, 7)));
        uint256 fields = _bound(asked.fields, 1, 3);
        scope.fields = new bytes32[](fields == 3 ? 2 : 1);
        scope.fields[0] = _fields[fields == 2 ? 1 : 0];
        if (fields == 3) scope.fields[1] = _fields[1];
        scope.operations = uint16(_bound(asked.operations, 1, 15));
        scope.notBefore = uint64(block.timestamp);
        scope.notAfter = uint64(block.timestamp + _bound(asked.duration, 1, 20 days));
        scope.quota = asked.quota % 4;
    }

    function _chosen(uint8 mask) private view returns (bytes32[] memory chosen) {
        uint256 length = (mask & 1) + ((mask >> 1) & 1) + ((mask >> 2) & 1);
        chosen = new bytes32[](length);
        uint256 next = 0;
        for (uint256 i = 0; i < 3; ++i) {
            if ((mask >> i) & 1 == 1) chosen[next++] = _purposes[i];
        }
    }
}
