namespace Forecast.SmetimesBenchmark;

/// <summary>Errors of one model on the test windows: for each horizon and each origin the mean over its steps and channels.</summary>
internal sealed class Errors
{
    private readonly Dictionary<int, (double[] Squares, double[] Sizes)> _byHorizon;

    public Errors() => _byHorizon = EttProtocol.Horizons.ToDictionary(h => h, h => (new double[EttProtocol.Windows(h)], new double[EttProtocol.Windows(h)]));

    public double Mse(int horizon) => _byHorizon[horizon].Squares.Average();

    public double Mae(int horizon) => _byHorizon[horizon].Sizes.Average();

    /// <summary>Mean squared error by origin, in time order.</summary>
    public double[] Squares(int horizon) => _byHorizon[horizon].Squares;

    /// <summary>Mean of several runs, origin by origin.</summary>
    public static Errors Mean(IReadOnlyList<Errors> runs)
    {
        var mean = new Errors();
        foreach (var h in EttProtocol.Horizons)
        {
            for (var o = 0; o < EttProtocol.Windows(h); o++)
            {
                mean._byHorizon[h].Squares[o] = runs.Average(r => r._byHorizon[h].Squares[o]);
                mean._byHorizon[h].Sizes[o] = runs.Average(r => r._byHorizon[h].Sizes[o]);
            }
        }

        return mean;
    }

    public void Save(string path)
    {
        using var writer = new BinaryWriter(File.Create(path));
        foreach (var h in EttProtocol.Horizons)
        {
            foreach (var v in _byHorizon[h].Squares) writer.Write(v);
            foreach (var v in _byHorizon[h].Sizes) writer.Write(v);
        }
    }

    public static Errors Load(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        var errors = new Errors();
        foreach (var h in EttProtocol.Horizons)
        {
            foreach (ref var v in errors._byHorizon[h].Squares.AsSpan()) v = reader.ReadDouble();
            foreach (ref var v in errors._byHorizon[h].Sizes.AsSpan()) v = reader.ReadDouble();
        }

        return errors;
    }

    /// <summary>Adds one channel of one window; each horizon takes the steps it has.</summary>
    /// <param name="window">Number of the test window.</param>
    /// <param name="channels">How many channels a window has.</param>
    /// <param name="forecast">As many steps as the window has targets, up to the longest horizon.</param>
    /// <param name="actual">The values that came.</param>
    public void Add(int window, int channels, ReadOnlySpan<double> forecast, ReadOnlySpan<double> actual)
    {
        double squares = 0, sizes = 0;
        for (var h = 0; h < forecast.Length; h++)
        {
            var e = actual[h] - forecast[h];
            squares += e * e;
            sizes += Math.Abs(e);
            if (!_byHorizon.TryGetValue(h + 1, out var sums)) continue;
            sums.Squares[window] += squares / ((h + 1) * channels);
            sums.Sizes[window] += sizes / ((h + 1) * channels);
        }
    }
}
