using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.TorchBenchmarks;

/// <summary>Whole training steps: gradients forgotten, forward, loss, backward, Adam with decoupled decay.</summary>
internal static class Training
{
    /// <summary>Two LSTM layers of 64 over 30 steps of 8 features, 64 series at once, and a linear head on the last step.</summary>
    public static readonly Case Lstm = new("lstm", 1.05, 5, device => Step(new LstmNet(), rand([64, 30, 8], device: device), rand([64, 1], device: device), device));

    /// <summary>A mixer block over 16 patches of width 64: across patches, across features, then a linear head of 24 steps.</summary>
    public static readonly Case Mixer = new("mixer", 1.05, 10, device => Step(new MixerNet(), rand([64, 16, 64], device: device), rand([64, 24], device: device), device));

    private static Action Step(nn.Module<Tensor, Tensor> net, Tensor x, Tensor y, Device device)
    {
        net.to(device);
        var optimizer = optim.AdamW(net.parameters(), 1e-3, weight_decay: 0.01);
        return () =>
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            nn.functional.mse_loss(net.call(x), y).backward();
            optimizer.step();
        };
    }

    private sealed class LstmNet : nn.Module<Tensor, Tensor>
    {
        private readonly LSTM lstm = nn.LSTM(8, 64, 2, batchFirst: true);
        private readonly Linear head = nn.Linear(64, 1);

        public LstmNet() : base(nameof(LstmNet)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var (output, _, _) = lstm.call(input);
            return head.call(output.select(1, -1));
        }
    }

    private sealed class MixerNet : nn.Module<Tensor, Tensor>
    {
        private readonly LayerNorm norm1 = nn.LayerNorm(64);
        private readonly Sequential patches = nn.Sequential(nn.Linear(16, 32), nn.GELU(), nn.Linear(32, 16));
        private readonly LayerNorm norm2 = nn.LayerNorm(64);
        private readonly Sequential features = nn.Sequential(nn.Linear(64, 128), nn.GELU(), nn.Linear(128, 64));
        private readonly Linear head = nn.Linear(16 * 64, 24);

        public MixerNet() : base(nameof(MixerNet)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var x = input + patches.call(norm1.call(input).transpose(1, 2)).transpose(1, 2);
            x += features.call(norm2.call(x));
            return head.call(x.flatten(1));
        }
    }
}
