namespace Forecast.Hosting.Forecasts;

/// <summary>
/// Bounds how many forecasts compute at once. A turn is held while a request is read and worked on, and given back while it waits for a
/// pass of a network that it shares with others: so many requests can wait for one pass, although few compute.
/// </summary>
/// <param name="atOnce">Turns.</param>
public sealed class ForecastTurns(int atOnce) : IDisposable
{
    private readonly SemaphoreSlim _free = new(atOnce, atOnce);

    /// <summary>Waits for a turn; disposing it gives it back.</summary>
    public async Task<ForecastTurn> TakeAsync(CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation);
        return new ForecastTurn(_free);
    }

    public void Dispose() => _free.Dispose();
}

/// <summary>The right to compute, given back once, however often it is disposed.</summary>
public sealed class ForecastTurn : IDisposable
{
    private SemaphoreSlim? _free;

    internal ForecastTurn(SemaphoreSlim free) => _free = free;

    public void Dispose() => Interlocked.Exchange(ref _free, null)?.Release();
}
