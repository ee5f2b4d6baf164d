// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// The cheatcodes that these tests use, of those that Hardhat's Solidity test runner offers.
interface Vm {
    function addr(uint256 privateKey) external pure returns (address);

    function assume(bool condition) external pure;

    function chainId(uint256 id) external;

    function expectRevert(bytes calldata revertData) external;

    function getCode(string calldata name) external view returns (bytes memory creationCode);

    function prank(address sender) external;

    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);

    function warp(uint256 timestamp) external;
}

// `address(uint160(uint256(keccak256("hevm cheat code"))))`, where every runner of this kind offers them.
Vm constant VM = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
