// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// What an engine must be able to do, as a contract that tests call.
contract Probe {
    event Changed(address indexed by, uint256 indexed value, bytes note);

    error ProbeRefused(uint256 given, string why);

    uint256 public value;
    mapping(address => uint256) public writes;

    function set(uint256 next, bytes calldata note) external {
        value = next;
        writes[msg.sender] += 1;
        emit Changed(msg.sender, next, note);
    }

    function refuse(uint256 given) external pure {
        revert ProbeRefused(given, "not today");
    }

    function refuseWithText() external pure {
        revert("plain words");
    }

    /// Spends most of its gas only if much is given: an estimate that adds up what was used comes out too low.
    function needsHalfOf(uint256 gas_) external {
        require(gasleft() > gas_, "too little");
        value += 1;
    }

    function fill(uint256 count) external {
        for (uint256 i = 0; i < count; ++i) {
            writes[address(uint160(i + 1))] = block.number;
        }
    }

    function time() external view returns (uint256) {
        return block.timestamp;
    }

    function hashOf(uint256 number) external view returns (bytes32) {
        return blockhash(number);
    }

    function digest(bytes calldata data) external pure returns (bytes32) {
        return sha256(data);
    }

    function signer(bytes32 hash, uint8 v, bytes32 r, bytes32 s) external pure returns (address) {
        return ecrecover(hash, v, r, s);
    }

    /// EIP-197: true if the product of the pairings is one.
    function pairing(bytes calldata points) external view returns (bool ok, uint256 result) {
        bytes memory answer;
        (ok, answer) = address(8).staticcall(points);
        if (ok) result = abi.decode(answer, (uint256));
    }
}
