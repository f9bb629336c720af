using Forecast.Core.Forecasting;
using Forecast.Models.Catalogue;

namespace Forecast.Hosting.Forecasts;

/// <summary>
/// Forecasters by model string, least recently used out first. A network's forecaster holds its weights: made anew for each request, they
/// would be read from disk each time, and each kept fit would hold a copy of its own.
/// </summary>
/// <param name="catalogue">The models.</param>
/// <param name="most">Forecasters kept: each may hold a network that a request chose the size of.</param>
internal sealed class ForecasterShelf(ModelCatalogue catalogue, int most = 32)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<(string Model, IForecaster Forecaster)>> _byModel = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Model, IForecaster Forecaster)> _byUse = new();

    /// <exception cref="Core.ForecastException">The catalogue does not know the model.</exception>
    public IForecaster Get(string model)
    {
        lock (_gate)
        {
            if (!_byModel.TryGetValue(model, out var node))
            {
                node = new LinkedListNode<(string Model, IForecaster Forecaster)>((model, catalogue.Create(model)));
                if (_byModel.Count >= most) Drop(_byUse.First!);
                _byModel.Add(model, node);
            }
            else
            {
                _byUse.Remove(node);
            }

            _byUse.AddLast(node);
            return node.Value.Forecaster;
        }
    }

    /// <summary>Makes the model anew when it is asked for next: its weights may have been fetched meanwhile.</summary>
    public void Forget(string model)
    {
        lock (_gate)
        {
            if (_byModel.TryGetValue(model, out var node)) Drop(node);
        }
    }

    /// <summary>Makes all models anew.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _byModel.Clear();
            _byUse.Clear();
        }
    }

    private void Drop(LinkedListNode<(string Model, IForecaster Forecaster)> node)
    {
        _byUse.Remove(node);
        _byModel.Remove(node.Value.Model);
    }
}
