// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IDirectory} from "../interfaces/IDirectory.sol";
import {IEmergencyPause} from "../interfaces/IEmergencyPause.sol";
import {COUNCIL, MemberId} from "../interfaces/Types.sol";
import {DirectoryClient} from "./DirectoryClient.sol";

/// @title The emergency pause
/// @notice The manual is {IEmergencyPause}.
contract EmergencyPause is IEmergencyPause, AccessManaged, DirectoryClient {
    struct Ask {
        MemberId seat;
        uint64 time;
        uint64 duration;
    }

    uint64 private constant _MAX_DURATION = 7 days;
    uint64 private constant _ASK_LIFETIME = 1 hours;

    uint16 private immutable _few;
    /// At most one entry a seat.
    Ask[] private _asks;
    uint64 private _until;

    constructor(address authority_, IDirectory directory_, uint16 few_) AccessManaged(authority_) DirectoryClient(directory_) {
        if (few_ == 0) revert EmergencyPauseInvalidFew();
        _few = few_;
    }

    /// @inheritdoc IEmergencyPause
    function pause(uint64 duration) external {
        MemberId seat = _members().memberOf(msg.sender);
        if (!_members().isActiveWith(seat, COUNCIL)) revert EmergencyPauseNotASeat(msg.sender);
        if (isPaused()) revert EmergencyPauseActive(_until);
        if (duration == 0 || duration > _MAX_DURATION) revert EmergencyPauseInvalidDuration(duration, _MAX_DURATION);

        _dropStale(seat);
        _asks.push(Ask(seat, uint64(block.timestamp), duration));
        emit PauseAsked(seat, duration);
        if (_asks.length >= _few) _begin();
    }

    /// @inheritdoc IEmergencyPause
    function end() external restricted {
        if (!isPaused()) revert EmergencyPauseNotActive();
        _until = uint64(block.timestamp);
        emit PauseEnded();
    }

    /// @inheritdoc IEmergencyPause
    function pausedUntil() external view returns (uint64) {
        return _until;
    }

    /// @inheritdoc IEmergencyPause
    function few() external view returns (uint16) {
        return _few;
    }

    /// @inheritdoc IEmergencyPause
    function isPaused() public view returns (bool) {
        return block.timestamp < _until;
    }

    function _begin() private {
        uint64 shortest = _MAX_DURATION;
        for (uint256 i = 0; i < _asks.length; ++i) {
            if (_asks[i].duration < shortest) shortest = _asks[i].duration;
        }
        delete _asks;
        _until = uint64(block.timestamp) + shortest;
        emit Paused(_until);
    }

    /// @dev Drops what is older than an hour, of a seat lost since, or an earlier ask of `seat`.
    function _dropStale(MemberId seat) private {
        uint256 i = 0;
        while (i < _asks.length) {
            Ask storage ask = _asks[i];
            bool stale = ask.time + _ASK_LIFETIME <= block.timestamp;
            if (stale || ask.seat == seat || !_members().isActiveWith(ask.seat, COUNCIL)) {
                _asks[i] = _asks[_asks.length - 1];
                _asks.pop();
            } else {
                ++i;
            }
        }
    }
}
