import EventProgram
import Expressions
import LoadMetrics
import WebSocketCodec
import WebSocketTransport

/// From a user's order to an open connection, over answers that lead elsewhere.
extension ScenarioLane {
    /// An order that is being carried out.
    struct Errand {
        var order: Effects.ConnectOrder
        var trail: RedirectTrail
        /// When its first request was made.
        var startedNanoseconds: Int64
    }

    /// Opens a connection, or says why the request cannot be made. Not inlined, or `perform` would claim access to what
    /// makes requests for every message.
    @inline(never)
    func connect(_ order: Effects.ConnectOrder, for index: Int) -> Stimulus? {
        do throws(UnusableTarget) {
            let url = try requests.url(of: order)
            let kept = cookies(for: url, of: index)
            let request = try requests.request(for: order, to: url, keeping: kept)
            let now = MonotonicClock.nowNanoseconds
            observer?.tell(.connecting(to: url.withoutUserInfo))
            slots[index].request = request
            slots[index].connection = loop.connect(
                request, context: word(.wake, index), account: job.index, startedNanoseconds: now)
            if job.redirectLimit > 0 {
                let trail = RedirectTrail(from: url, with: kept, limit: job.redirectLimit)
                errands[index] = Errand(order: order, trail: trail, startedNanoseconds: now)
            }
            return nil
        } catch {
            return .connectFailed(.expression, message: error.reason, response: nil, span: error.span)
        }
    }

    /// Keeps what an answer to a user sets.
    func keepCookies(of response: HandshakeResponse, for index: Int) {
        guard let request = slots[index].request else { return }
        slots[index].cookies.take(from: response.headers, of: request.url, atUnixSeconds: unixSeconds)
    }

    private func cookies(for url: WebSocketURL, of index: Int) -> [Cookie] {
        slots[index].cookies.isEmpty ? [] : slots[index].cookies.cookies(for: url, atUnixSeconds: unixSeconds)
    }

    private var unixSeconds: Int64 { (loop.nowNanoseconds + job.wallOffsetNanoseconds) / 1_000_000_000 }

    /// Goes to where an answer leads. Gives the error that the user has to be told instead, if any: the one at hand, in
    /// words that say how far it went.
    func follow(
        _ response: HandshakeResponse?, after error: ConnectionError, for index: Int
    ) -> ConnectionError? {
        guard var errand = errands.removeValue(forKey: index) else { return error }
        var error = error
        let came = errand.trail.count == 0 ? "" : ", at \(errand.trail.url.withoutUserInfo) where it was sent to"
        guard let response, error.kind == .httpStatus, RedirectTrail.leadsElsewhere(response.status),
            !job.program.expectations.statuses.contains(response.status)
        else {
            error.detail += came
            return error
        }
        do throws(HandshakeError) {
            try errand.trail.follow(response) { cookies(for: $0, of: index) }
        } catch let problem {
            error.detail += "\(came), \(problem.reason)"
            return error
        }
        do throws(UnusableTarget) {
            let request = try requests.request(for: errand.order, following: errand.trail)
            observer?.tell(.connecting(to: errand.trail.url.withoutUserInfo))
            slots[index].request = request
            slots[index].connection = loop.connect(
                request, context: word(.wake, index), account: job.index,
                startedNanoseconds: errand.startedNanoseconds)
            errands[index] = errand
            return nil
        } catch let problem {
            error.detail += ", and leads to where nobody can go: \(problem.reason)"
            return error
        }
    }
}
