import ArgumentParser
import EchoServer
import LoadMetrics
import WebSocketTransport

struct ServeCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Runs the embedded server until it is interrupted.",
        discussion: "Prints its address, so that a plan can be pointed at it with --url.")

    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case echo
    }

    @Argument(help: "What it does: echo sends every message back.")
    var kind: Kind

    @Option(help: "The IP address to listen at.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen at; 0 for a free one.")
    var port: UInt16 = 0

    func validate() throws {
        guard SocketAddress(literal: host, port: port) != nil else {
            throw ValidationError("--host takes an IP address, such as 127.0.0.1 or ::1, not '\(host)'")
        }
    }

    func run(on console: Console) throws -> Int32 {
        let server: EchoServer
        do throws(SystemCallError) {
            server = try EchoServer(host: host, port: port)
        } catch {
            console.complain("wsplan: \(error)")
            return Verdict.Ground.couldNotRun.exitCode
        }
        let signals = SignalWatch()
        signals.holdBack()
        do throws(Console.WriteError) {
            try console.print(server.url + "\n")
        } catch {
            console.complain("wsplan: cannot write the address: \(error.reason)")
            server.stop()
            return Verdict.Ground.reportNotWritten.exitCode
        }
        signals.wait()
        server.stop()
        return 0
    }
}
