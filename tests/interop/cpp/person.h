// One person's connection to Tashika: calls, files, streams, and what a refusal says.
#pragma once

#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>

#include <grpcpp/grpcpp.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tashika/v1/certificate_service.grpc.pb.h"
#include "tashika/v1/contract_service.grpc.pb.h"
#include "tashika/v1/directory_service.grpc.pb.h"
#include "tashika/v1/key_service.grpc.pb.h"
#include "tashika/v1/session_service.grpc.pb.h"
#include "tashika/v1/works_service.grpc.pb.h"

#include "signature.h"

using std::string;

inline void Hold(bool condition, const string& what) {
  if (!condition) throw std::runtime_error("this does not hold: " + what);
}

inline string Read(const string& path) { return (std::ostringstream() << std::ifstream(path).rdbuf()).str(); }

// What a refused call carries beside its code: a google.rpc.Status, with details of several types.
struct Refusal : std::runtime_error {
  explicit Refusal(const grpc::Status& status) : std::runtime_error(status.error_message()) {
    google::rpc::Status all;
    all.ParseFromString(status.error_details());
    for (const auto& one : all.details()) {
      one.UnpackTo(&info) || one.UnpackTo(&bad) || one.UnpackTo(&said) || one.UnpackTo(&help);
    }
  }
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest bad;
  google::rpc::LocalizedMessage said;
  google::rpc::Help help;
};

// A stream from the server, which lives as long as this.
template <class Message>
struct Stream {
  Message Next() {
    Message message;
    if (!reader->Read(&message)) throw Refusal(reader->Finish());
    return message;
  }
  std::unique_ptr<grpc::ClientContext> context;
  std::unique_ptr<grpc::ClientReader<Message>> reader;
};

// One person's way to the server; without a token, nobody's in particular.
class Person {
 public:
  explicit Person(const string& token = "") : token_(token) {
    grpc::ChannelArguments options;
    options.SetServiceConfigJSON(Read("proto/tashika/v1/service_config.json"));  // timeouts and retries
    const auto trust = grpc::SslCredentials({Read(getenv("TASHIKA_CA")), "", ""});
    channel_ = grpc::CreateCustomChannel(getenv("TASHIKA_SERVER"), trust, options);
  }

  // Signs in who stands in the environment as `name:password`.
  static Person SignedIn(const char* variable) {
    const string who = getenv(variable);
    tashika::v1::CreateSessionRequest request;
    request.set_login_name(who.substr(0, who.find(':')));
    request.set_password(who.substr(who.find(':') + 1));
    return Person(Person().Ask(&tashika::v1::SessionService::Stub::CreateSession, request).token());
  }

  template <class Stub, class Request, class Answer>
  Answer Ask(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Answer*), Request request) {
    SetRequestId(&request);
    Answer answer;
    const grpc::Status status = (Stub(channel_).*method)(Context().get(), request, &answer);
    if (!status.ok()) throw Refusal(status);
    return answer;
  }

  template <class Stub, class Request, class Message>
  Stream<Message> Begin(
      std::unique_ptr<grpc::ClientReader<Message>> (Stub::*method)(grpc::ClientContext*, const Request&),
      const Request& request) {
    auto context = Context();
    auto reader = (Stub(channel_).*method)(context.get(), request);
    return {std::move(context), std::move(reader)};
  }

  // A file comes as a header and chunks; what does not fit its header is to be thrown away.
  template <class Method, class Request>
  string Download(Method method, const Request& request) {
    auto stream = Begin(method, request);
    const tashika::v1::FileHeader header = stream.Next().header();
    string data;
    while (int64_t(data.size()) < header.size_bytes()) data += stream.Next().chunk();
    Hold(int64_t(data.size()) == header.size_bytes() && Sha256(data) == header.sha256(), "the file is complete");
    return data;
  }

  // Asks for what must be refused, in Japanese, and with what to do next.
  template <class Method, class Request>
  Refusal Refused(const string& reason, Method method, const Request& request) try {
    Ask(method, request);
    throw std::runtime_error(reason + " does not refuse");
  } catch (const Refusal& refusal) {
    Hold(refusal.info.reason() == reason && refusal.info.domain() == "tashika", reason + ": " + refusal.what());
    Hold(refusal.said.locale() == "ja-JP" && refusal.said.message().find("。") != string::npos, refusal.said.message());
    Hold(!refusal.help.links(0).description().empty(), "what to do next");
    return refusal;
  }

 private:
  // What changes something has a request_id: with the same one a repetition gives the first answer.
  static void SetRequestId(google::protobuf::Message* request) {
    const auto* id = request->GetDescriptor()->FindFieldByName("request_id");
    if (id) request->GetReflection()->SetString(request, id, Read("/proc/sys/kernel/random/uuid").substr(0, 36));
  }

  std::unique_ptr<grpc::ClientContext> Context() const {
    auto context = std::make_unique<grpc::ClientContext>();
    context->set_wait_for_ready(true);
    context->AddMetadata("accept-language", "ja");
    if (!token_.empty()) context->AddMetadata("authorization", "Bearer " + token_);
    return context;
  }

  string token_;
  std::shared_ptr<grpc::Channel> channel_;
};
