// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MemberId} from "./Types.sol";

/// @title The emergency pause: it can only stop, never grant
/// @notice Stops admission, registration, policies, versions, fields, requests, grants, consents and their amendments.
/// Never stops withdrawal, revocation, suspension or anchoring. Ends by itself.
interface IEmergencyPause {
    /// @param duration the length in seconds that the seat asks for
    event PauseAsked(MemberId indexed seat, uint64 duration);
    event Paused(uint64 until);
    event PauseEnded();

    /// Also what every paused entry point of the other contracts reverts with.
    error EmergencyPauseActive(uint64 until);
    error EmergencyPauseNotActive();
    error EmergencyPauseNotASeat(address account);
    error EmergencyPauseInvalidDuration(uint64 duration, uint64 maximum);
    error EmergencyPauseInvalidFew();

    /// @notice Asks for a pause of `duration` seconds. When enough distinct seats of the council asked within an hour, it begins,
    /// for the shortest duration among their asks.
    function pause(uint64 duration) external;

    /// @notice Ends the pause early. Restricted.
    function end() external;

    function isPaused() external view returns (bool);

    /// @notice The time the last pause ends or ended (exclusive, unix seconds); 0 if there was none.
    function pausedUntil() external view returns (uint64);

    /// @notice How many distinct seats must ask within an hour.
    function few() external view returns (uint16);
}
