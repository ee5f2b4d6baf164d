// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title One event per usage, for comparison: what an audit trail costs that puts every usage on chain
/// @notice The facts are those of a leaf of the audit log (docs/protocol/audit-log.md).
contract UsageEventsMock {
    struct Usage {
        uint64 time;
        uint64 blockNumber;
        bytes32 step;
        bytes32 outcome;
        bytes32 tag;
        bytes32[] commitments;
    }

    event UsageLogged(
        address indexed member,
        bytes32 indexed tag,
        uint64 time,
        uint64 blockNumber,
        bytes32 step,
        bytes32 outcome,
        bytes32[] commitments
    );

    function log(Usage[] calldata usages) external {
        for (uint256 i = 0; i < usages.length; ++i) {
            Usage calldata usage = usages[i];
            emit UsageLogged(msg.sender, usage.tag, usage.time, usage.blockNumber, usage.step, usage.outcome, usage.commitments);
        }
    }
}
