// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuditAnchor} from "../../../contracts/interfaces/IAuditAnchor.sol";
import {IConsentRegistry} from "../../../contracts/interfaces/IConsentRegistry.sol";
import {ICouncil} from "../../../contracts/interfaces/ICouncil.sol";
import {IDataCatalog} from "../../../contracts/interfaces/IDataCatalog.sol";
import {IDirectory} from "../../../contracts/interfaces/IDirectory.sol";
import {IEmergencyPause} from "../../../contracts/interfaces/IEmergencyPause.sol";
import {IGrantRegistry} from "../../../contracts/interfaces/IGrantRegistry.sol";
import {IMemberRegistry} from "../../../contracts/interfaces/IMemberRegistry.sol";
import {
    ALL_OPERATIONS,
    CONSUMER,
    COUNCIL,
    ConsentId,
    DatasetId,
    MemberId,
    PROVIDER,
    REGULATOR,
    Sector,
    ShareClass
} from "../../../contracts/interfaces/Types.sol";
import {VM} from "./Vm.sol";

/// All contracts and five members, of which this contract is the admin. Keys of members are 1 to 5, of subjects 101 and up.
contract Network {
    MemberId internal constant REGISTRY = MemberId.wrap("gov-registry");
    MemberId internal constant BANK = MemberId.wrap("bank-changan");
    MemberId internal constant GRID = MemberId.wrap("grid-east");
    MemberId internal constant TRADER = MemberId.wrap("chain-trader");
    MemberId internal constant SUPERVISOR = MemberId.wrap("gov-regulator");
    DatasetId internal constant PENALTY = DatasetId.wrap("gov.penalty");
    bytes32 internal constant SUITE = "rfc6962-sha256";
    uint64 internal constant START = 1_800_000_000;

    IDirectory internal immutable directory;
    IMemberRegistry internal immutable members;
    IDataCatalog internal immutable catalog;
    IGrantRegistry internal immutable grants;
    IConsentRegistry internal immutable consents;
    IAuditAnchor internal immutable anchors;
    IEmergencyPause internal immutable emergency;
    ICouncil internal immutable council;

    constructor() {
        VM.warp(START);
        address authority = _deploy("AccessManager", abi.encode(this));
        directory = IDirectory(_deploy("Directory", abi.encode(authority)));
        members = IMemberRegistry(_deploy("MemberRegistry", abi.encode(authority, directory)));
        catalog = IDataCatalog(_deploy("DataCatalog", abi.encode(directory)));
        grants = IGrantRegistry(_deploy("GrantRegistry", abi.encode(directory)));
        consents = IConsentRegistry(_deploy("ConsentRegistry", abi.encode(directory)));
        anchors = IAuditAnchor(_deploy("AuditAnchor", abi.encode(directory)));
        emergency = IEmergencyPause(_deploy("EmergencyPause", abi.encode(authority, directory, 2)));
        council = ICouncil(_deploy("Council", abi.encode(directory, ICouncil.Settings(2, 1 days, 7 days, 3 days))));
        directory.set("member-registry", address(members));
        directory.set("data-catalog", address(catalog));
        directory.set("audit-anchor", address(anchors));
        directory.set("emergency-pause", address(emergency));
        _admit(REGISTRY, 1, Sector.Government, PROVIDER | COUNCIL);
        _admit(BANK, 2, Sector.Finance, CONSUMER | COUNCIL);
        _admit(GRID, 3, Sector.Utilities, PROVIDER | COUNCIL);
        _admit(TRADER, 4, Sector.SupplyChain, CONSUMER | PROVIDER);
        _admit(SUPERVISOR, 5, Sector.Government, REGULATOR | COUNCIL);
        VM.prank(VM.addr(1));
        catalog.register(PENALTY, _registration());
    }

    function _admit(MemberId id, uint256 key, Sector sector, uint16 roles) internal {
        members.admit(id, IMemberRegistry.Admission(sector, roles, VM.addr(key), "member", "", new IMemberRegistry.KeyInput[](0)));
    }

    /// By the built artifact: to embed nine contracts in every test costs the compiler half a minute.
    function _deploy(string memory name, bytes memory arguments) internal returns (address deployed) {
        bytes memory code = bytes.concat(VM.getCode(name), arguments);
        assembly ("memory-safe") {
            deployed := create(0, add(code, 32), mload(code))
        }
        require(deployed != address(0), name);
    }

    function _pause() internal {
        VM.prank(VM.addr(2));
        emergency.pause(1 days);
        VM.prank(VM.addr(3));
        emergency.pause(1 days);
    }

    function _signature(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function _give(uint256 key, IConsentRegistry.Consent memory consent) internal returns (ConsentId id) {
        id = consents.hashConsent(consent);
        consents.give(consent, _signature(key, ConsentId.unwrap(id)));
    }

    /// A consent of `key` over both fields, live for ten days.
    function _consent(uint256 key, uint256 nonce) internal view returns (IConsentRegistry.Consent memory consent) {
        consent.subject = bytes32(uint256(1));
        consent.key = VM.addr(key);
        consent.grantee = "bank-changan";
        consent.scopes = new IConsentRegistry.DatasetScope[](1);
        consent.scopes[0].dataset = "gov.penalty";
        consent.scopes[0].fields = new string[](2);
        consent.scopes[0].fields[0] = "date";
        consent.scopes[0].fields[1] = "amount";
        consent.purpose = "P01";
        consent.operations = new string[](2);
        consent.operations[0] = "raw";
        consent.operations[1] = "score";
        consent.notAfter = uint64(block.timestamp + 10 days);
        consent.maxUses = 100;
        consent.nonce = nonce;
        consent.deadline = uint64(block.timestamp + 1 days);
    }

    function _scope() internal view returns (IGrantRegistry.Scope memory scope) {
        scope.fields = new bytes32[](1);
        scope.fields[0] = "date";
        scope.purposes = new bytes32[](1);
        scope.purposes[0] = "P01";
        scope.operations = 1;
        scope.notAfter = uint64(block.timestamp + 10 days);
        scope.quota = 10;
    }

    function _registration() internal pure returns (IDataCatalog.Registration memory registration) {
        registration.title = "penalties";
        registration.kind = "records";
        registration.shareClass = ShareClass.Conditional;
        registration.operations = ALL_OPERATIONS;
        registration.schemaHash = "schema";
        registration.termsHash = "terms";
        registration.fields = new IDataCatalog.Field[](2);
        registration.fields[0] = IDataCatalog.Field("date", 2);
        registration.fields[1] = IDataCatalog.Field("amount", 3);
    }

    function _bound(uint256 value, uint256 least, uint256 most) internal pure returns (uint256) {
        return least + (value % (most - least + 1));
    }
}
