import WebSocketTransport

extension Benchmark {
    /// A timer costs the same among ten and among a hundred thousand: in instructions; in time the caches have their say.
    static var ofTimerWheel: [Benchmark] {
        [fire(among: 10), fire(among: 100_000), cancel(among: 10), cancel(among: 100_000)]
    }

    private static let period: Int64 = 1_000_000_000

    /// Every timer ticks once a second: a tick is armed, goes down the wheel, comes out, and arms the next.
    private static func fire(among count: Int64) -> Benchmark {
        Benchmark("timer-fire-\(count)", "a timer of 1 s armed and fired, \(count - 1) beside it") { operations in
            var wheel = Self.wheel(of: count)
            var now: Int64 = 0
            return fastestRound {
                var fired = 0
                while fired < operations {
                    now += period / count
                    wheel.advance(toNanoseconds: now)
                    while let expiry = wheel.takeDue() {
                        fired += 1
                        _ = wheel.arm(
                            dueNanoseconds: expiry.dueNanoseconds + period, owner: .client, context: expiry.context)
                    }
                }
            }
        }
    }

    private static func cancel(among count: Int64) -> Benchmark {
        Benchmark("timer-cancel-\(count)", "a timer of 0–4 s armed and cancelled, \(count) beside it") { operations in
            var wheel = Self.wheel(of: count)
            return fastestRound {
                for index in 0..<operations {
                    let due = Int64(index & 4095) * 1_000_003
                    wheel.cancel(wheel.arm(dueNanoseconds: due, owner: .client, context: 0))
                }
                precondition(wheel.count == count, "\(wheel.count) timers are left")
            }
        }
    }

    /// Timers that are due in the course of a second, none of them together with the one armed before it.
    private static func wheel(of count: Int64) -> TimerWheel {
        var wheel = TimerWheel(nowNanoseconds: 0)
        for number in 0..<count {
            // 7 has no factor in common with any power of ten.
            let due = number * 7 % count * (period / count) + 1
            _ = wheel.arm(dueNanoseconds: due, owner: .client, context: UInt64(number))
        }
        return wheel
    }
}
