using Forecast.Core.Data;

namespace Forecast.Hosting.Datasets;

/// <summary>Keeps the pyramids that were asked for last, so that each is made once while somebody looks at it. Safe to share between threads.</summary>
/// <param name="rows">Rows that are kept in all; a longer series stands alone.</param>
public sealed class PyramidCache(int rows = 4_000_000)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<(string Key, Task<Held> Made)> _recent = new();

    /// <summary>The pyramid of a series, made when it is not there.</summary>
    /// <param name="key">Names content, not a place: other content has another key.</param>
    /// <param name="read">Reads the series; what it throws is not kept.</param>
    public async Task<Held> GetAsync(string key, Func<Task<TimeSeries>> read)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(read);
        Task<Held> made;
        lock (_gate)
        {
            var node = Find(key);
            if (node is null) node = new LinkedListNode<(string, Task<Held>)>((key, MakeAsync(read)));
            else _recent.Remove(node);
            _recent.AddFirst(node);
            made = node.Value.Made;
        }

        try
        {
            return await made;
        }
        finally
        {
            Trim();
        }
    }

    private static async Task<Held> MakeAsync(Func<Task<TimeSeries>> read)
    {
        // The gate is open again before the reading begins.
        await Task.Yield();
        var series = await read();
        return new Held(series.Id, series.Unit, series.Frequency, series.Calendar.Name, new MinMaxPyramid(series));
    }

    private LinkedListNode<(string Key, Task<Held> Made)>? Find(string key)
    {
        for (var node = _recent.First; node is not null; node = node.Next)
        {
            if (node.Value.Key.Equals(key, StringComparison.Ordinal)) return node;
        }

        return null;
    }

    private void Trim()
    {
        lock (_gate)
        {
            long kept = 0;
            for (var node = _recent.First; node is not null;)
            {
                var (next, made) = (node.Next, node.Value.Made);
                if (made.IsCompletedSuccessfully) kept += made.Result.Pyramid.Rows;
                if (made.IsFaulted || made.IsCanceled || (kept > rows && node != _recent.First)) _recent.Remove(node);
                node = next;
            }
        }
    }

    /// <summary>A pyramid with what its series is called.</summary>
    public sealed record Held(string Id, string? Unit, Core.Time.Frequency Frequency, string Calendar, MinMaxPyramid Pyramid);
}
