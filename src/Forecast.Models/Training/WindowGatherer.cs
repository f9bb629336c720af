using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Models.Training;

/// <summary>Gathers windows of a <see cref="PanelTensor"/> into batches, on its device.</summary>
/// <param name="panel">The buffer.</param>
/// <param name="lookback">L.</param>
/// <param name="horizon">H.</param>
/// <param name="pastCovariates">How many of the channels are past covariates.</param>
/// <param name="showGaps">Whether the network reads which values were observed.</param>
public sealed class WindowGatherer(PanelTensor panel, int lookback, int horizon, int pastCovariates, bool showGaps)
{
    /// <summary>Channels of <see cref="WindowBatch.Past"/>.</summary>
    public static int PastChannels(int pastCovariates, int futureChannels, bool showGaps) => 1 + (showGaps ? 1 : 0) + pastCovariates + futureChannels;

    /// <param name="starts">First row of each window in the buffer.</param>
    /// <param name="series">For each window the place of its series.</param>
    public WindowBatch Gather(long[] starts, long[] series)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var device = panel.Values.device;
        var rows = tensor(starts, [starts.Length, 1], device: device) + arange(lookback + horizon, device: device);
        var windows = panel.Values.index_select(1, rows.reshape(-1)).reshape(panel.Channels, starts.Length, lookback + horizon);
        var (y, seen) = (windows.select(0, 0), windows.select(0, 1));
        var (past, observed) = (y.narrow(1, 0, lookback), seen.narrow(1, 0, lookback));
        var (mean, sd) = Moments(past, observed);
        var moves = sd.gt((Scalar)Lookback.Flat).to(ScalarType.Float32);
        var unit = sd.clamp_min(Lookback.Flat);

        List<Tensor> channels = [((past - mean) / unit).unsqueeze(-1)];
        if (showGaps) channels.Add(observed.unsqueeze(-1));
        if (pastCovariates > 0) channels.Add(Standardised(windows.narrow(0, 2, pastCovariates).narrow(2, 0, lookback)).permute(1, 2, 0));
        var ahead = panel.Channels - 2 - pastCovariates;
        Tensor? future = null;
        if (ahead > 0)
        {
            var known = windows.narrow(0, 2 + pastCovariates, ahead).permute(1, 2, 0);
            channels.Add(known.narrow(1, 0, lookback));
            future = known.narrow(1, lookback, horizon).contiguous().MoveToOuterDisposeScope();
        }

        return new WindowBatch(
            cat(channels, -1).MoveToOuterDisposeScope(),
            future,
            ((y.narrow(1, lookback, horizon) - mean) / unit).MoveToOuterDisposeScope(),
            (seen.narrow(1, lookback, horizon) * moves).MoveToOuterDisposeScope(),
            tensor(series, device: device).MoveToOuterDisposeScope(),
            mean.MoveToOuterDisposeScope(),
            (sd * moves).MoveToOuterDisposeScope());
    }

    private static (Tensor Mean, Tensor Sd) Moments(Tensor values, Tensor observed)
    {
        var count = observed.sum(1, keepdim: true).clamp_min(1);
        var mean = (values * observed).sum(1, keepdim: true) / count;
        var sd = ((values - mean).square() * observed).sum(1, keepdim: true).div(count).sqrt();
        return (mean, sd);
    }

    private static Tensor Standardised(Tensor covariates)
    {
        var mean = covariates.mean([2], keepdim: true);
        var sd = (covariates - mean).square().mean([2], keepdim: true).sqrt();
        return (covariates - mean) / sd.clamp_min(Lookback.Flat);
    }
}
