namespace Forecast.Models.LstmMdn;

/// <summary>Where one trained network stands after the last return of a history.</summary>
internal sealed class MixtureState
{
    private readonly PlainNetwork _network;
    private readonly int _components;
    private readonly double _unknown;

    public MixtureState(LstmMdnParameters parameters, int member, ReadOnlySpan<double> returns)
    {
        (_network, _components, _unknown) = (parameters.Networks[member], parameters.Shape.Components, parameters.Unknown);
        Filter = parameters.Members[member].Filter;
        Features = parameters.Shape.Features;
        var variances = Filter.Filter(returns);
        Window = MixtureInputs.Of(returns, variances, Filter, Features)[^(parameters.Lookback * Features)..];
        Variance = variances[^1];
    }

    public VolatilityFilter Filter { get; }

    public int Features { get; }

    /// <summary>[L, F] by rows.</summary>
    public double[] Window { get; }

    /// <summary>h of the next day.</summary>
    public double Variance { get; }

    /// <summary>Normal laws in the law of a day.</summary>
    public int Size => _components + (_unknown > 0 ? 1 : 0);

    /// <summary>The law of the scaled return after a window.</summary>
    public void Read(ReadOnlySpan<double> window, Span<double> pi, Span<double> mu, Span<double> sigma)
    {
        _network.Forward(window, pi[.._components], mu[.._components], sigma[.._components]);
        if (!(_unknown > 0)) return;
        double mean = 0, square = 0;
        for (var k = 0; k < _components; k++) mean += pi[k] * mu[k];
        for (var k = 0; k < _components; k++) square += pi[k] * ((sigma[k] * sigma[k]) + ((mu[k] - mean) * (mu[k] - mean)));
        for (var k = 0; k < _components; k++) pi[k] *= 1 - _unknown;
        (pi[_components], mu[_components], sigma[_components]) = (_unknown, mean, LstmMdnOptions.UnknownSpread * Math.Sqrt(square));
    }

    /// <summary>The law of the next return: the mixture of all networks' mixtures, each as likely as the other.</summary>
    public static GaussianMixture Law(MixtureState[] states)
    {
        var k = states[0].Size;
        double[] pi = new double[k * states.Length], mu = new double[pi.Length], sigma = new double[pi.Length];
        for (var i = 0; i < states.Length; i++)
        {
            var scale = Math.Sqrt(states[i].Variance);
            states[i].Read(states[i].Window, pi.AsSpan(i * k, k), mu.AsSpan(i * k, k), sigma.AsSpan(i * k, k));
            for (var j = i * k; j < (i + 1) * k; j++)
            {
                mu[j] = states[i].Filter.Mu + (scale * mu[j]);
                sigma[j] *= scale;
            }
        }

        return new GaussianMixture(pi, mu, sigma);
    }
}
