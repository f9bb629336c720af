using Forecast.Core;

namespace Forecast.Hosting.Backtests;

/// <summary>
/// Calls of a store that may be away for a while (locked by another process, its disk full, its server restarting): waits and asks
/// again, and tells of it, so that hours of computing are not thrown away for a minute of trouble.
/// </summary>
/// <param name="complain">Told when trouble begins and each time it lasts.</param>
/// <param name="limit">How long one call is asked again; null = 15 minutes.</param>
/// <param name="first">The first wait, doubled each time up to 2 seconds; null = 0.2 seconds.</param>
public sealed class StorePatience(Action<string, Exception> complain, TimeSpan? limit = null, TimeSpan? first = null)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private readonly TimeSpan _limit = limit ?? TimeSpan.FromMinutes(15);
    private readonly TimeSpan _first = first ?? TimeSpan.FromMilliseconds(200);

    /// <summary>Whether a store that failed so may answer later; a damaged or foreign file never will.</summary>
    public static bool MayPass(Exception e) => e is ForecastException { Code: "store-busy" or "store-disk" or "store-failed" or "store-cannot-open" or "store-read-only" } or TimeoutException;

    /// <exception cref="ForecastException">The store refused for a reason that does not pass, or for longer than the limit.</exception>
    public async Task<T> AskAsync<T>(string what, Func<Task<T>> call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        var began = TimeProvider.System.GetTimestamp();
        for (var wait = _first; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            try
            {
                return await call();
            }
            catch (Exception e) when (MayPass(e) && TimeProvider.System.GetElapsedTime(began) < _limit)
            {
                complain($"{what}: the store does not answer, tried again in {wait.TotalSeconds:0.#} s", e);
            }

            await Task.Delay(wait, cancellation);
        }
    }

    /// <summary>Tells of other trouble that is waited out.</summary>
    public void Tell(string what, Exception why) => complain(what, why);

    public Task AskAsync(string what, Func<Task> call, CancellationToken cancellation) => AskAsync(
        what,
        async () =>
        {
            await call();
            return true;
        },
        cancellation);
}
