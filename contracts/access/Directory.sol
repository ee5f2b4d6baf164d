// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IDirectory} from "../interfaces/IDirectory.sol";
import {Codes} from "./Codes.sol";

/// @title Which contract serves which name
/// @notice The manual is {IDirectory}.
contract Directory is IDirectory, AccessManaged {
    mapping(bytes32 name => address[]) private _versions;
    mapping(bytes32 name => Parameter[]) private _parameters;

    constructor(address authority_) AccessManaged(authority_) {}

    /// @inheritdoc IDirectory
    function set(bytes32 name, address target) external restricted {
        if (!Codes.isId(name)) revert DirectoryInvalidName(name);
        if (target.code.length == 0) revert DirectoryNotAContract(name, target);
        address[] storage versions = _versions[name];
        versions.push(target);
        emit ContractSet(name, uint32(versions.length), target);
    }

    /// @inheritdoc IDirectory
    function setParameter(bytes32 name, uint256 value, uint64 effectiveFrom) external restricted {
        uint64 timestamp = uint64(block.timestamp);
        uint64 from = effectiveFrom == 0 ? timestamp : effectiveFrom;
        if (!Codes.isId(name)) revert DirectoryInvalidName(name);
        if (from < timestamp) revert DirectoryRetroactive(name, from, timestamp);
        _parameters[name].push(Parameter(value, from));
        emit ParameterSet(name, value, from);
    }

    /// @inheritdoc IDirectory
    function contractOf(bytes32 name) external view returns (address) {
        address[] storage versions = _versions[name];
        if (versions.length == 0) revert DirectoryUnknownName(name);
        return versions[versions.length - 1];
    }

    /// @inheritdoc IDirectory
    function versionsOf(bytes32 name) external view returns (address[] memory) {
        return _versions[name];
    }

    /// @inheritdoc IDirectory
    function parameter(bytes32 name) external view returns (uint256) {
        return parameterAt(name, uint64(block.timestamp));
    }

    /// @inheritdoc IDirectory
    function parameterHistory(bytes32 name) external view returns (Parameter[] memory) {
        return _parameters[name];
    }

    /// @inheritdoc IDirectory
    function parameterAt(bytes32 name, uint64 time) public view returns (uint256 value) {
        Parameter[] storage history = _parameters[name];
        uint64 best = 0;
        for (uint256 i = 0; i < history.length; ++i) {
            Parameter storage entry = history[i];
            if (entry.effectiveFrom > time || entry.effectiveFrom < best) continue;
            best = entry.effectiveFrom;
            value = entry.value;
        }
        if (best == 0) revert DirectoryUnknownParameter(name);
    }
}
