using Forecast.Core.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Models.Training;

/// <summary>A module that draws random numbers while it is trained, from a stream of its own.</summary>
public interface ISeeded
{
    /// <summary>Starts the stream anew; the trainer does so before each epoch, so that training goes on from an epoch to the same bits.</summary>
    void Reseed(ulong seed);
}

/// <summary>
/// Dropout with a generator of its own: x m / (1 - p) with m Bernoulli(1 - p) while training, x otherwise. The library's dropout draws
/// from one stream for the whole process, which fits that run side by side would take from in turns.
/// </summary>
public sealed class SeededDropout : nn.Module<Tensor, Tensor>, ISeeded
{
    private readonly double _p;
    private readonly string _place;
    private Generator? _generator;
    private ulong _seed;

    /// <param name="p">Share that is dropped, 0 up to below 1.</param>
    /// <param name="place">Tells the dropouts of one network apart.</param>
    public SeededDropout(double p, string place)
        : base(nameof(SeededDropout))
    {
        if (!(p >= 0 && p < 1)) throw new ArgumentOutOfRangeException(nameof(p), p, "a dropout is at least 0 and below 1");
        _p = p;
        _place = place;
    }

    public void Reseed(ulong seed)
    {
        _seed = Seeds.Derive(seed, _place);
        _generator?.Dispose();
        _generator = null;
    }

    public override Tensor forward(Tensor input)
    {
        if (!training || _p == 0) return input;
        _generator ??= new Generator(_seed, input.device);
        using var scope = NewDisposeScope();
        var keep = rand(input.shape, dtype: input.dtype, device: input.device, generator: _generator).ge((Scalar)_p);
        return (input * keep / (1 - _p)).MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _generator?.Dispose();
        base.Dispose(disposing);
    }
}
