// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDataCatalog} from "../interfaces/IDataCatalog.sol";
import {IDirectory} from "../interfaces/IDirectory.sol";
import {IEmergencyPause} from "../interfaces/IEmergencyPause.sol";
import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {MemberId} from "../interfaces/Types.sol";

/// @title What contracts ask of each other
/// @notice Peers are looked up in the Directory at each call, so a contract replaced by the council is followed at once.
abstract contract DirectoryClient {
    IDirectory private immutable _directory;

    constructor(IDirectory directory_) {
        _directory = directory_;
    }

    /// @notice The Directory this contract finds its peers in.
    function directory() external view returns (IDirectory) {
        return _directory;
    }

    function _members() internal view returns (IMemberRegistry) {
        return IMemberRegistry(_contractOf("member-registry"));
    }

    function _catalog() internal view returns (IDataCatalog) {
        return IDataCatalog(_contractOf("data-catalog"));
    }

    /// @dev The present version of what the name stands for.
    function _contractOf(bytes32 name) internal view returns (address) {
        return _directory.contractOf(name);
    }

    function _versionsOf(bytes32 name) internal view returns (address[] memory) {
        return _directory.versionsOf(name);
    }

    function _parameter(bytes32 name) internal view returns (uint256) {
        return _directory.parameter(name);
    }

    /// @dev Whether the contract serves the name, or once did.
    function _hasServed(bytes32 name, address served) internal view returns (bool) {
        address[] memory versions = _directory.versionsOf(name);
        for (uint256 i = 0; i < versions.length; ++i) {
            if (versions[i] == served) return true;
        }
        return false;
    }

    function _requireNotPaused() internal view {
        IEmergencyPause emergency = IEmergencyPause(_contractOf("emergency-pause"));
        if (emergency.isPaused()) revert IEmergencyPause.EmergencyPauseActive(emergency.pausedUntil());
    }

    /// @dev The member whose current account calls, whatever its status.
    function _caller() internal view returns (MemberId id) {
        id = _members().memberOf(msg.sender);
        if (MemberId.unwrap(id) == 0) revert IMemberRegistry.MemberRegistryUnknownAccount(msg.sender);
    }

    function _activeCaller() internal view returns (MemberId id) {
        id = _caller();
        _requireActive(id);
    }

    function _requireActive(MemberId id) internal view {
        if (!_members().isActive(id)) revert IMemberRegistry.MemberRegistryNotActive(id);
    }

    function _requireActiveWith(MemberId id, uint16 role) internal view {
        _requireActive(id);
        if (!_members().isActiveWith(id, role)) revert IMemberRegistry.MemberRegistryMissingRole(id, role);
    }
}
