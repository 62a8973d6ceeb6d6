/// Which instructions can follow which, and so what a task may still do.
struct ControlFlow {
    let instructions: [Instruction]
    let pools: Pools

    /// For each address, whether an instruction that `matches` can still be reached from it. What a timer's body does
    /// counts where the timer is started. A fixed point over the reversed flow; plans are small.
    func addresses(reaching matches: (Instruction) -> Bool) -> [Bool] {
        var reaches = instructions.map(matches)
        var changed = true
        while changed {
            changed = false
            for address in instructions.indices.reversed() where !reaches[address] {
                if successors(of: address).contains(where: { reaches[$0] }) {
                    reaches[address] = true
                    changed = true
                }
            }
        }
        return reaches
    }

    /// The addresses at which a task, or a task that it starts, may go on after the instruction at `address`.
    func successors(of address: Int) -> [Int] {
        let instruction = instructions[address]
        let next = address + 1
        return switch instruction.opcode {
        case .end, .close, .fail, .stopRun: []
        case .jump: [Int(instruction.a)]
        case .unless, .repeatNext, .forNext: [next, Int(instruction.b)]
        case .await: instruction.b == Instruction.noOperand ? [next] : [next, Int(instruction.b)]
        case .startTimer: [next, Int(pools.timers[Int(instruction.a)].body)]
        case .setSession, .setLocal, .unbindMessage, .connect, .sendText, .sendTyped, .sendBinary, .sendBase64,
            .sendHex, .sendRandom, .ping, .pong, .cancelTimer, .wait, .check, .log, .mark, .measure, .record:
            [next]
        }
    }
}
