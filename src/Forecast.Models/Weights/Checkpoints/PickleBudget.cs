using Forecast.Core;

namespace Forecast.Models.Weights.Checkpoints;

/// <summary>
/// How much a pickle may make. A small file can ask for a great deal of memory by copying what it has made already,
/// so every object and every copied byte is paid for here.
/// </summary>
internal sealed class PickleBudget(string file)
{
    /// <summary>Longest pickle that is read, bytes; those of models with 10,000 tensors have about 2 million.</summary>
    public const int LongestPickle = 64 << 20;

    /// <summary>Most objects that one pickle may make.</summary>
    public const int MostObjects = 4_000_000;

    /// <summary>What an empty dictionary weighs, in objects; one instruction of one byte makes it.</summary>
    public const int DictObjects = 8;

    private const long MostBytes = 256 << 20;
    private long _objects;
    private long _bytes;

    /// <exception cref="ForecastException">There are too many.</exception>
    public void Objects(long count)
    {
        _objects += count;
        if (_objects > MostObjects) throw WeightErrors.Refused(file, $"its pickle makes more than {MostObjects} objects");
    }

    /// <exception cref="ForecastException">There are too many.</exception>
    public void Bytes(long count)
    {
        _bytes += count;
        if (_bytes > MostBytes) throw WeightErrors.Refused(file, $"its pickle makes more than {MostBytes} bytes of text");
    }
}
